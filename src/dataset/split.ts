import {createHash} from 'node:crypto';
import {RiceError} from '../common/errors.ts';
import type {FileHash} from './digest.ts';

export const PARTS = ['train', 'validation', 'test'] as const;
export type Part = (typeof PARTS)[number];

/** The share of each part, from 0 to 1, with sum 1. */
export type Fractions = Record<Part, number>;

export const DEFAULT_FRACTIONS: Fractions = {train: 0.8, validation: 0.1, test: 0.1};

/** Where the parts of one label end, as positions in [0, 1): the training part, then the validation part. */
export type Cuts = readonly [train: number, validation: number];

/** What decides which part a file is in, as models record it. */
export interface Split {
  seed: number;
  fractions: Fractions;
  /** For labels of few pictures, by name: see `stratify`. The fractions say where the parts of all others end. */
  cuts?: Readonly<Record<string, Cuts>>;
  /** The dataset brought its own split (folders `train`, `val`, `test`, or a column of its list of labels). */
  given?: true;
}

/** What the split looks at. */
interface Labeled {
  labels: readonly string[];
  files: readonly {label: number; part?: Part}[];
}

type Hashes = readonly Pick<FileHash, 'sha256'>[];

/** From so many different pictures on, chance divides a label well enough: a tenth of 2,000 is 200, give or take 13. */
const MANY = 2000;

/**
 * The part that a file belongs to, from its content, its label and the split alone: neither its name, nor its place, nor
 * what else is in the dataset matters. So duplicates land together, and a file stays where it is when others are added or
 * renamed.
 *
 * A number uniform in [0, 1), the file's position, is taken from SHA-256(seed, content's SHA-256) and compared with the
 * cuts of its label.
 *
 * @param sha256 of the file's bytes, in hexadecimal
 * @param label its name; the fractions alone decide without it
 */
export function partOf(sha256: string, {seed, fractions, cuts}: Omit<Split, 'given'>, label?: string): Part {
  const position = positionOf(sha256, seed);
  const own = label !== undefined && cuts && Object.hasOwn(cuts, label) ? cuts[label] : undefined;
  const [train, validation] = own ?? [fractions.train, fractions.train + fractions.validation];
  if (position < train) return 'train';
  return position < validation ? 'validation' : 'test';
}

/**
 * Divides a dataset: for each part the indices of its files, in the dataset's order. A dataset that brings its own split
 * keeps it; where that has no validation part, one is taken from its training part by content.
 *
 * @returns for each part, the indices of its files in the order of the dataset
 * @throws RiceError OUT_OF_RANGE if the fractions are not from 0 to 1 with sum 1
 */
export function splitDataset({labels, files}: Labeled, hashes: Hashes, split: Split): Record<Part, number[]> {
  checkFractions(split.fractions);
  const parts: Record<Part, number[]> = {train: [], validation: [], test: []};
  const divided = files.some(({part}) => part === 'validation') ? undefined : withoutTest(split);
  // The cuts of a given split divide its training part; a picture that it leaves out is divided by the fractions.
  const undecided = split.given ? {seed: split.seed, fractions: split.fractions} : split;
  files.forEach(({label, part}, index) => {
    const {sha256} = hashes[index];
    const decided = part === 'train' && divided ? partOf(sha256, divided, labels[label]) : part;
    parts[decided ?? partOf(sha256, undecided, labels[label])].push(index);
  });
  return parts;
}

/**
 * The split of a dataset: of each label, as near to the fractions as whole pictures allow, and at least one picture in
 * each part where there are enough. A label of many pictures is divided by the fractions alone; for one of few pictures,
 * the cuts that divide it so are written down, so that a file's part still follows from its content.
 */
export function stratify({labels, files}: Labeled, hashes: Hashes, {seed, fractions}: Split): Split {
  checkFractions(fractions);
  const parts = files.map(({part}) => part);
  if (parts.includes('validation')) return {seed, fractions, given: true};
  if (parts.every((part) => part === undefined))
    return {seed, fractions, ...cutsByLabel(labels, files, hashes, {seed, fractions})};
  const divided = withoutTest({seed, fractions});
  return {seed, fractions, given: true, ...cutsByLabel(labels, files, hashes, divided, 'train')};
}

/** The cuts of the labels with few pictures, of those in one part alone where one is named. */
function cutsByLabel(
  labels: readonly string[],
  files: Labeled['files'],
  hashes: Hashes,
  {seed, fractions}: Split,
  within?: Part,
): Pick<Split, 'cuts'> {
  const contents = labels.map(() => new Set<string>());
  files.forEach(({label, part}, index) => {
    if (part === within) contents[label].add(hashes[index].sha256);
  });
  const few = labels.flatMap((name, label): [string, Cuts][] => {
    if (contents[label].size >= MANY || contents[label].size === 0) return [];
    const positions = [...contents[label]].map((sha256) => positionOf(sha256, seed)).sort((a, b) => a - b);
    return [[name, cutsOf(positions, fractions)]];
  });
  return few.length > 0 ? {cuts: Object.fromEntries(few)} : {};
}

/** @param positions in ascending order */
function cutsOf(positions: readonly number[], fractions: Fractions): Cuts {
  const [train, validation] = countsOf(positions.length, fractions);
  return [cutBehind(positions, train), cutBehind(positions, train + validation)];
}

/** How many of `count` pictures each part gets: its share, rounded, but one where its share is not 0 and it can have one. */
function countsOf(count: number, fractions: Fractions): [train: number, validation: number, test: number] {
  const wanted = (part: Part) => (fractions[part] === 0 ? 0 : Math.max(1, Math.round(count * fractions[part])));
  // Training needs a picture first, choosing the best epoch next, measuring last.
  const train = Math.min(count, fractions.train === 0 ? 0 : 1);
  const validation = Math.min(count - train, wanted('validation'));
  const test = Math.min(count - train - validation, wanted('test'));
  const rest = count - train - validation - test;
  if (fractions.train > 0) return [train + rest, validation, test];
  return fractions.test > 0 ? [train, validation, test + rest] : [train, validation + rest, test];
}

/** A position between the last of the first `count` and the next one. */
function cutBehind(positions: readonly number[], count: number): number {
  if (count === 0) return 0;
  return count === positions.length ? 1 : (positions[count - 1] + positions[count]) / 2;
}

function withoutTest({seed, fractions: {train, validation}, cuts}: Split): Split {
  const share = validation / (train + validation);
  return {seed, fractions: {train: 1 - share, validation: share, test: 0}, ...(cuts ? {cuts} : {})};
}

export function checkFractions(fractions: Fractions): void {
  const values = PARTS.map((part) => fractions[part]);
  const sum = values.reduce((total, value) => total + value, 0);
  if (values.every((value) => value >= 0 && value <= 1) && Math.abs(sum - 1) < 1e-9) return;
  throw new RiceError('OUT_OF_RANGE', `the fractions ${values.join(', ')} of the split do not add up to 1`, {
    suggestions: ['Use three shares from 0 to 1 that add up to 1, for example 0.8, 0.1 and 0.1.'],
  });
}

/** 48 bits of SHA-256 as a number in [0, 1). */
function positionOf(sha256: string, splitSeed: number): number {
  const digest = createHash('sha256').update(`rice split ${splitSeed} ${sha256}`).digest();
  return digest.readUIntBE(0, 6) / 2 ** 48;
}
