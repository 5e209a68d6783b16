/** A run's folder: what was asked for and on what, the artifact, the metrics, and in the end the model. */
import {existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync} from 'node:fs';
import {dirname, join, resolve} from 'node:path';
import {fromFileSystemError, RiceError} from '../../common/errors.ts';
import {writeAtomically} from '../../common/files/atomic-file.ts';
import {makeTemporaryFolder, removeAbandonedFolders} from '../../common/files/temporary-folder.ts';
import type {DatasetRecord} from '../../dataset/dataset-record.ts';
import type {Part, Split} from '../../dataset/split.ts';
import type {TrainingConfiguration} from '../configuration.ts';

export const ARTIFACT_FOLDER = 'artifact';
export const METRICS_FILE = 'metrics.json';
export const LOG_FILE = 'worker.log';
const RECORD_FILE = 'run.json';

/** What a run was started with. */
export interface RunRecord {
  format: 1;
  name: string;
  date: string;
  configuration: TrainingConfiguration;
  /** Every setting of the command line, with its origin. */
  settings: unknown[];
  dataset: {
    root: string;
    digest: string;
    images: number;
    labels: Record<string, number>;
    split: Split & {images: Record<Part, number>};
    /** The list that the labels come from, where they are not the folders' names. */
    labelsFrom?: string;
    duplicates: number;
    /** Where the dataset comes from, if rice brought it and it is still what came. */
    record: DatasetRecord | null;
    errors: {path: string; code: string; message: string}[];
  };
  versions: {rice: string; node: string; onnxruntime: string};
  machine: {cpu: string; cores: number; memory: number; platform: string};
}

/** @throws RiceError RUN_EXISTS where the folder holds something already */
export function refuseUsedFolder(folder: string): void {
  try {
    if (!existsSync(folder) || readdirSync(folder).length === 0) return;
  } catch (error) {
    throw fromFileSystemError(error, folder, 'write');
  }
  throw new RiceError('RUN_EXISTS', `${folder} is there already and is not empty`);
}

/**
 * Makes a run's folder whole or not at all: `fill` writes into a folder beside it, which then takes its name. Of two that
 * want the same name, one gets it.
 *
 * @throws RiceError RUN_EXISTS, or what writing failed with, nothing being left behind
 */
export async function createRunFolder(folder: string, fill: (temporary: string) => Promise<void>): Promise<void> {
  let temporary: string | undefined;
  try {
    mkdirSync(dirname(resolve(folder)), {recursive: true});
    removeAbandonedFolders(resolve(folder));
    temporary = makeTemporaryFolder(resolve(folder));
    await fill(temporary);
    refuseUsedFolder(folder);
    if (existsSync(folder)) rmdirSync(folder);
    renameSync(temporary, folder);
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException;
    if (code === 'ENOTEMPTY' || code === 'EEXIST') refuseUsedFolder(folder);
    throw error instanceof RiceError ? error : fromFileSystemError(error, folder, 'write');
  } finally {
    if (temporary !== undefined) rmSync(temporary, {recursive: true, force: true});
  }
}

/** Written last: a folder with a record has everything that a run needs. */
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
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as RunRecord;
  } catch (error) {
    throw new RiceError('RUN_DAMAGED', `${path} cannot be read: ${(error as Error).message}`, {cause: error});
  }
}

/** The first free folder `<parent>/<network>-<number>`. */
export function newRunFolder(parent: string, network: string): string {
  for (let number = 1; ; number++) {
    const folder = join(parent, `${network}-${number}`);
    if (!existsSync(folder)) return folder;
  }
}
