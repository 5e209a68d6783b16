/** A run's folder: the record of its settings and dataset, the artifact, the metrics, and finally the model. */
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {fromFileSystemError, RiceError} from '../../common/errors.ts';
import {writeAtomically} from '../../common/files/atomic-file.ts';
import {createWholeFolder} from '../../common/files/whole-folder.ts';
import type {WithoutSingleGrain} from '../../dataset/cache/cache-index.ts';
import type {CorrectionsSummary} from '../../dataset/corrections/summary.ts';
import type {DatasetRecord} from '../../dataset/dataset-record.ts';
import type {Part, Split} from '../../dataset/split.ts';
import type {TrainingConfiguration} from '../configuration.ts';
import type {TrainingLimits} from '../limits.ts';

export const ARTIFACT_FOLDER = 'artifact';
export const METRICS_FILE = 'metrics.json';
export const LOG_FILE = 'worker.log';
export const RECORD_FILE = 'run.json';

/** The settings, dataset and environment of a run. */
export interface RunRecord {
  format: 1;
  name: string;
  date: string;
  configuration: TrainingConfiguration;
  /** How the run was extended when it was resumed: after which epoch, and to what; the configuration has the last of it. */
  extensions?: (TrainingLimits & {epochs?: number; after: number; date: string})[];
  /** All settings of the command line, with their origin. */
  settings: unknown[];
  dataset: {
    root: string;
    digest: string;
    images: number;
    labels: Record<string, number>;
    split: Split & {images: Record<Part, number>};
    /** The list that the labels come from, where they are not the folders' names. */
    labelsFrom?: string;
    /** What a person had corrected of the labels; the file itself lies in the run's folder. */
    corrections?: CorrectionsSummary;
    duplicates: number;
    /** The origin of the dataset, if rice fetched it and it has not changed since. */
    record: DatasetRecord | null;
    errors: {path: string; code: string; message: string}[];
    /** By label, the pictures in which no single grain was found; missing in runs of earlier versions. */
    withoutSingleGrain?: Record<string, WithoutSingleGrain>;
  };
  versions: {rice: string; node: string; onnxruntime: string};
  machine: {cpu: string; cores: number; memory: number; platform: string};
}

/** @throws RiceError RUN_EXISTS if the folder is not empty */
export function requireEmptyFolder(folder: string): void {
  try {
    if (!existsSync(folder) || readdirSync(folder).length === 0) return;
  } catch (error) {
    throw fromFileSystemError(error, folder, 'write');
  }
  throw new RiceError('RUN_EXISTS', `${folder} already exists and is not empty`);
}

/**
 * Creates a run's folder atomically (see `createWholeFolder`).
 *
 * @throws RiceError RUN_EXISTS, or the error of the failed write; nothing is left behind
 */
export function createRunFolder(folder: string, fill: (temporary: string) => Promise<void>): Promise<void> {
  return createWholeFolder(folder, requireEmptyFolder, fill);
}

/** Written last, so that a folder with a record is complete. */
export function writeRunRecord(folder: string, record: RunRecord): void {
  writeAtomically(join(folder, RECORD_FILE), `${JSON.stringify(record, null, 2)}\n`, {durable: true});
}

/** @throws RiceError RUN_NOT_FOUND or RUN_DAMAGED */
export function readRunRecord(folder: string): RunRecord {
  const path = join(folder, RECORD_FILE);
  if (!existsSync(path)) {
    const reason = existsSync(folder) ? `${RECORD_FILE} is missing` : 'it does not exist';
    throw new RiceError('RUN_NOT_FOUND', `${folder} is not the folder of a training run: ${reason}`);
  }
  let record: RunRecord & {kind?: string};
  try {
    record = JSON.parse(readFileSync(path, 'utf8')) as RunRecord;
  } catch (error) {
    throw new RiceError('RUN_DAMAGED', `${path} cannot be read: ${(error as Error).message}`, {cause: error});
  }
  if (record.kind !== undefined)
    throw new RiceError(
      'RUN_NOT_FOUND',
      `${folder} is a model that was made of another one: it has no training to continue, to look at or to compare`,
      {
        suggestions: ['Make it again with more pictures, with rice train DIR --from rice or rice adapt.'],
      },
    );
  return record;
}

/** The first free folder `<parent>/<network>-<number>`. */
export function newRunFolder(parent: string, network: string): string {
  for (let number = 1; ; number++) {
    const folder = join(parent, `${network}-${number}`);
    if (!existsSync(folder)) return folder;
  }
}
