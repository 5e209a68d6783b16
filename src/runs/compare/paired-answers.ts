import type {Run} from '../read-run.ts';
import {readTestAnswers} from '../test-answers.ts';

/** How two runs answered the test pictures that both were tested with. */
export interface Pairing {
  /** Pictures in both tests. */
  pictures: number;
  bothRight: number;
  onlyFirst: Disagreement[];
  onlySecond: Disagreement[];
  bothWrong: number;
  /** Whether these are all pictures of both tests. */
  whole: boolean;
}

/** A picture that one of two runs is right about. */
export interface Disagreement {
  path: string;
  label: string;
  /** What the other said. */
  predicted: string;
  /** How sure the other was, 0 to 1. */
  confidence: number;
}

/** Why there is nothing to compare by. */
export type Unpaired = 'untested' | 'unrecorded' | 'nothing in common';

interface Tested {
  /** By picture, its answer. */
  answers: Map<string, Disagreement>;
  /** Some pictures are in a dataset twice. */
  images: number;
}

/**
 * Pairs the answers of two runs by the content of the pictures and their labels. Runs of earlier versions, which recorded
 * mistakes alone, are paired where both were tested with the same part of the same pictures.
 */
export function pairAnswers(first: Run, second: Run): Pairing | Unpaired {
  if (!first.test || !second.test) return 'untested';
  const [a, b] = [testedBy(first), testedBy(second)];
  if (a && b) return pairByContent(a, b);
  return sameTest(first, second) ? pairByMistakes(first, second) : 'unrecorded';
}

function testedBy({folder, test}: Run): Tested | undefined {
  const recorded = readTestAnswers(folder);
  // Otherwise of another measurement than the one that is shown.
  if (!recorded || recorded.length !== test?.images) return undefined;
  const answers = new Map(recorded.map(({sha256, ...answer}) => [`${sha256} ${answer.label}`, answer]));
  return {answers, images: recorded.length};
}

function pairByContent(a: Tested, b: Tested): Pairing | Unpaired {
  const common = [...a.answers.keys()].filter((picture) => b.answers.has(picture));
  if (common.length === 0) return 'nothing in common';
  const pairing: Pairing = {...NONE, pictures: common.length, onlyFirst: [], onlySecond: []};
  for (const picture of common) {
    const [one, other] = [a.answers.get(picture)!, b.answers.get(picture)!];
    const [right, otherRight] = [one, other].map(({label, predicted}) => label === predicted);
    if (right && otherRight) pairing.bothRight++;
    else if (right) pairing.onlyFirst.push(other);
    else if (otherRight) pairing.onlySecond.push(one);
    else pairing.bothWrong++;
  }
  return {...pairing, whole: common.length === a.answers.size && common.length === b.answers.size};
}

const NONE = {bothRight: 0, bothWrong: 0, whole: true};

/** The test part follows from the digest of all pictures and the split, apart from files that could not be read. */
function sameTest({record: {dataset: a}, test}: Run, {record: {dataset: b}, test: other}: Run): boolean {
  const split = ({seed, fractions, given}: typeof a.split) => JSON.stringify([seed, fractions, given ?? false]);
  const labels = ({corrections}: typeof a) => corrections?.sha256;
  return (
    a.digest === b.digest &&
    labels(a) === labels(b) &&
    split(a.split) === split(b.split) &&
    test!.images === other!.images
  );
}

function pairByMistakes({test: a}: Run, {test: b}: Run): Pairing {
  const wrong = (test: Run['test']) => new Map(test!.mistakes.map((mistake) => [mistake.path, mistake]));
  const [inFirst, inSecond] = [wrong(a), wrong(b)];
  const onlyFirst = [...inSecond.values()].filter(({path}) => !inFirst.has(path));
  const onlySecond = [...inFirst.values()].filter(({path}) => !inSecond.has(path));
  const bothWrong = inFirst.size - onlySecond.length;
  const pictures = a!.images;
  const bothRight = pictures - bothWrong - onlyFirst.length - onlySecond.length;
  return {pictures, bothRight, onlyFirst, onlySecond, bothWrong, whole: true};
}
