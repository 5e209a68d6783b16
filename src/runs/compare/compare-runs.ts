import type {Run} from '../read-run.ts';
import {type RunSummary, summarizeRun} from '../run-summary.ts';
import {type DifferingSetting, differingSettings} from '../settings.ts';
import {holm, mcnemar} from './mcnemar.ts';
import {type Disagreement, pairAnswers, type Unpaired} from './paired-answers.ts';

/** Below this a difference is more than chance, as is usual. */
export const SIGNIFICANT = 0.05;

/** Whether one of two runs is better on the test pictures that both have. */
export interface PairedTest {
  /** The names of the runs. */
  runs: [string, string];
  pictures: number;
  bothRight: number;
  /** Pictures that only the first is right about, and only the second. */
  onlyFirst: number;
  onlySecond: number;
  bothWrong: number;
  /** By McNemar's exact test, two-sided. */
  p: number;
  /** Corrected for the number of comparisons (Holm). */
  corrected: number;
  /** The run that is better by more than chance; null where chance may explain it. */
  better: string | null;
  /** Whether the pictures are all of both tests. */
  whole: boolean;
}

export interface Comparison {
  runs: Run[];
  summaries: RunSummary[];
  settings: DifferingSetting[];
  tests: PairedTest[];
  /** Pairs that cannot be tested, and why. */
  untested: {runs: [string, string]; reason: string}[];
  /** What one must know to read the figures. */
  notes: string[];
  /** The pictures that a pair of runs disagrees on, by its position in `tests`. */
  disagreements: {onlyFirst: Disagreement[]; onlySecond: Disagreement[]}[];
}

/** Compares two runs or more: settings, figures, and each pair on the test pictures that both have. */
export function compareRuns(runs: readonly Run[]): Comparison {
  const named = distinctNames(runs);
  const pairs = named.flatMap((first, i) => named.slice(i + 1).map((second) => ({first, second})));
  const paired = pairs.map(({first, second}) => {
    const names: [string, string] = [first.name, second.name];
    return {names, pairing: pairAnswers(first, second)};
  });
  const tested = paired.flatMap(({names, pairing}) => (typeof pairing === 'string' ? [] : [{names, pairing}]));
  const chances = tested.map(({pairing}) => mcnemar(pairing.onlyFirst.length, pairing.onlySecond.length));
  const corrected = holm(chances);
  return {
    runs: named,
    summaries: named.map(summarizeRun),
    settings: differingSettings(named.map(({record}) => record.configuration)),
    tests: tested.map(({names, pairing}, i) => {
      const [onlyFirst, onlySecond] = [pairing.onlyFirst.length, pairing.onlySecond.length];
      const better = corrected[i] < SIGNIFICANT ? names[onlyFirst > onlySecond ? 0 : 1] : null;
      return {runs: names, ...pairing, onlyFirst, onlySecond, p: chances[i], corrected: corrected[i], better};
    }),
    untested: paired.flatMap(({names, pairing}) =>
      typeof pairing === 'string' ? [{runs: names, reason: REASONS[pairing]}] : [],
    ),
    notes: notesOn(
      named,
      tested.map(({pairing}) => pairing.whole),
    ),
    disagreements: tested.map(({pairing: {onlyFirst, onlySecond}}) => ({onlyFirst, onlySecond})),
  };
}

const REASONS: Readonly<Record<Unpaired, string>> = {
  untested: 'not both were measured on test pictures',
  unrecorded:
    'they were tested with different pictures, or not both recorded the answer to each: rice train --resume RUN measures a finished run again, and records them',
  'nothing in common': 'no picture is in both tests',
};

function notesOn(runs: readonly Run[], whole: readonly boolean[]): string[] {
  const different = (of: (run: Run) => unknown) => new Set(runs.map((run) => JSON.stringify(of(run)))).size > 1;
  const notes: string[] = [];
  if (different(({record}) => record.dataset.digest))
    notes.push(
      'The runs were trained on different pictures: accuracies of different pictures cannot be compared directly.',
    );
  else if (
    different(
      ({
        record: {
          dataset: {split},
        },
      }) => [split.seed, split.fractions, split.given ?? false],
    )
  )
    notes.push('The same pictures were divided differently: each run was tested with others.');
  if (whole.includes(false))
    notes.push('Where the tests have only some pictures in common, the comparison is of those alone.');
  if (runs.some(({state}) => state !== 'finished')) notes.push('Not all of the runs are finished.');
  return notes;
}

/** Two runs of different folders may have the same name. */
function distinctNames(runs: readonly Run[]): Run[] {
  const counts = new Map<string, number>();
  for (const {name} of runs) counts.set(name, (counts.get(name) ?? 0) + 1);
  return runs.map((run) => (counts.get(run.name)! > 1 ? {...run, name: run.folder} : run));
}
