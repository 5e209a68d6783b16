import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {type Interval, wilsonInterval} from '../common/wilson-interval.ts';
import {RUN_MODEL_FILE} from '../model/model-path.ts';
import {REPORT_FILE} from './files.ts';
import type {Run, RunState} from './read-run.ts';
import {differencesFromDefault, type SettingValue} from './settings.ts';

export interface MeasuredPart {
  images: number;
  accuracy: number;
  /** 95 %. */
  interval: Interval;
}

/** The key facts of a run, as `rice runs --json` prints them. */
export interface RunSummary {
  name: string;
  path: string;
  state: RunState;
  date: string;
  network: string;
  epochs: {done: number; planned: number};
  /** Of the best epoch. It was chosen for this accuracy, so the test is what counts. */
  validation: (MeasuredPart & {epoch: number}) | null;
  test: (MeasuredPart & {mistakes: number}) | null;
  /** Of all processes that trained it; null where an earlier version did not record it. */
  seconds: number | null;
  device: string | null;
  dataset: {root: string; digest: string; images: number; splitSeed: number};
  /** What was set otherwise than by default, by the names of the flags. */
  differences: Record<string, SettingValue>;
  model: string | null;
  report: string | null;
  /** Why it failed or was interrupted. */
  error: {code: string; message: string} | null;
}

export function summarizeRun(run: Run): RunSummary {
  const {name, folder, record, state, epochs, best, test, status, device} = run;
  const {dataset, configuration} = record;
  const images = dataset.split.images.validation;
  const existing = (file: string) => (existsSync(join(folder, file)) ? join(folder, file) : null);
  return {
    name,
    path: folder,
    state,
    date: record.date,
    network: configuration.network,
    epochs: {done: epochs.length, planned: configuration.schedule.epochs},
    validation: best
      ? {
          images,
          accuracy: best.accuracy,
          interval: wilsonInterval(Math.round(best.accuracy * images), images),
          epoch: best.epoch,
        }
      : null,
    test: test
      ? {images: test.images, accuracy: test.accuracy, interval: test.interval, mistakes: test.mistakes.length}
      : null,
    seconds: status?.seconds ?? null,
    device: device ?? null,
    dataset: {root: dataset.root, digest: dataset.digest, images: dataset.images, splitSeed: dataset.split.seed},
    differences: Object.fromEntries(differencesFromDefault(configuration).map((each) => [each.name, each.value])),
    model: existing(RUN_MODEL_FILE),
    report: existing(REPORT_FILE),
    error: status?.error ?? null,
  };
}
