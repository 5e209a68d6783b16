import {existsSync, readFileSync} from 'node:fs';
import {basename, join, resolve} from 'node:path';
import {RiceError} from '../common/errors.ts';
import type {Measured} from '../evaluation/evaluate.ts';
import {RUN_MODEL_FILE} from '../model/model-path.ts';
import {type EpochMetrics, type Progress, readProgress} from '../training/artifact/checkpoint.ts';
import {folderOwner} from '../training/artifact/lock.ts';
import type {ObservedEpoch} from '../training/observer.ts';
import {ARTIFACT_FOLDER, METRICS_FILE, type RunRecord, readRunRecord} from '../training/run/run-folder.ts';
import {type RunStatus, readStatus} from './status.ts';

export type RunState = 'training' | 'finished' | 'interrupted' | 'failed';

/** All that is known of a run. */
export interface Run {
  /** The name of its folder. */
  name: string;
  folder: string;
  record: RunRecord;
  state: RunState;
  /** Who trains it now. */
  owner?: string;
  epochs: ObservedEpoch[];
  best?: {epoch: number; accuracy: number};
  /** On the test part; missing before the end, and where there is none. */
  test?: Measured;
  device?: string;
  peakMemory?: number;
  /** What `status.json` says; missing for runs of earlier versions. */
  status?: RunStatus;
}

/**
 * Reads a run of any state and any version: of what is missing nothing is said.
 *
 * @throws RiceError RUN_NOT_FOUND, or RUN_DAMAGED where its record or its checkpoint cannot be read
 */
export function readRun(folder: string): Run {
  const record = checked(readRunRecord(folder), folder);
  const artifact = join(folder, ARTIFACT_FOLDER);
  const progress = readProgress(artifact);
  const metrics = readMetrics(folder);
  const status = readStatus(folder);
  const owner = folderOwner(folder) ?? folderOwner(artifact);
  const epochs = withRates(progress?.history ?? metrics.epochs ?? [], progress?.rates);
  const best = bestOf(progress, epochs);
  const device = status?.device ?? (progress && progress.step > 0 ? progress.device : undefined);
  const peakMemory = status?.peakMemory ?? metrics.peakMemory;
  return {
    name: basename(resolve(folder)),
    folder,
    record,
    state: stateOf(folder, progress, status, owner),
    epochs,
    ...(owner === undefined ? {} : {owner}),
    ...(best ? {best} : {}),
    ...(isMeasured(metrics.test) ? {test: metrics.test} : {}),
    ...(device === undefined ? {} : {device}),
    ...(peakMemory === undefined ? {} : {peakMemory}),
    ...(status ? {status} : {}),
  };
}

function stateOf(
  folder: string,
  progress: Progress | undefined,
  status: RunStatus | undefined,
  owner: string | undefined,
): RunState {
  if (owner !== undefined) return 'training';
  // A run that was killed while its model was measured has a model, but is not at its end.
  const ended = status ? status.state === 'finished' : (progress?.finished ?? true);
  if (ended && existsSync(join(folder, RUN_MODEL_FILE))) return 'finished';
  return status?.state === 'failed' ? 'failed' : 'interrupted';
}

function withRates(history: readonly EpochMetrics[], rates: Progress['rates'] = []): ObservedEpoch[] {
  return history.map((epoch, i) => ({...epoch, ...(rates[i] == null ? {} : {imagesPerSecond: rates[i]})}));
}

/** The epoch that the model is of: the most accurate in validation, of equal ones that with the least loss, the first of those. */
function bestOf(progress: Progress | undefined, epochs: readonly EpochMetrics[]): Run['best'] {
  if (progress?.best) return {epoch: progress.best.epoch, accuracy: progress.best.accuracy};
  const [best] = [...epochs].sort(
    (a, b) => b.validationAccuracy - a.validationAccuracy || a.validationLoss - b.validationLoss || a.epoch - b.epoch,
  );
  return best && {epoch: best.epoch, accuracy: best.validationAccuracy};
}

interface Metrics {
  epochs?: EpochMetrics[];
  test?: Measured;
  peakMemory?: number;
}

/** Written at the end, and when a run is stopped; what cannot be read is as if it were not there. */
function readMetrics(folder: string): Metrics {
  try {
    return JSON.parse(readFileSync(join(folder, METRICS_FILE), 'utf8')) as Metrics;
  } catch {
    return {};
  }
}

/** Earlier versions measured less. */
function isMeasured(test: Partial<Measured> | undefined): test is Measured {
  return (
    Array.isArray(test?.confusion?.matrix) &&
    Array.isArray(test.calibration?.bins) &&
    Array.isArray(test.mistakes) &&
    test.interval !== undefined &&
    test.perClass !== undefined
  );
}

/** Files are edited, and of other programs. */
function checked(record: RunRecord, folder: string): RunRecord {
  const {configuration, dataset, date} = (record ?? {}) as Partial<RunRecord>;
  const whole =
    typeof configuration?.schedule?.epochs === 'number' &&
    typeof configuration.network === 'string' &&
    typeof dataset?.digest === 'string' &&
    typeof dataset.labels === 'object' &&
    typeof dataset.split?.images === 'object' &&
    typeof date === 'string';
  if (whole) return record;
  throw new RiceError('RUN_DAMAGED', `${join(folder, 'run.json')} is not the record of a training run`);
}
