import {existsSync, mkdirSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {fromFileSystemError, RiceError} from '../../common/errors.ts';
import {writeAtomically} from '../../common/files/atomic-file.ts';
import {tryLock} from '../../common/files/lock-file.ts';

const RECORD_FILE = 'sweep.json';
export const TRIALS_FILE = 'trials.ndjson';
export const REPORT_FILE = 'report.html';
const LOCK_FILE = 'lock.json';

/** What a search is made with; its trials are in `trials.ndjson`. */
export interface StudyRecord {
  format: 1;
  name: string;
  date: string;
  /** The sweep file as it was read, and its name. */
  sweep: {file: string; text: string};
  seed: number;
  /** Most trials, and seconds for all of them; missing if there is no such limit. */
  trials?: number;
  budget?: number;
  /** What each trial is begun with beside its parameters: the arguments of rice train. */
  fixed: string[];
}

/** Makes the folder of a search. Throws SWEEP_EXISTS if there is something in it. */
export function createStudy(folder: string, record: StudyRecord): void {
  try {
    if (existsSync(folder) && readdirSync(folder).length > 0)
      throw new RiceError('SWEEP_EXISTS', `${folder} already exists and is not empty`);
    mkdirSync(folder, {recursive: true});
    writeRecord(folder, record);
  } catch (error) {
    throw fromFileSystemError(error, folder, 'write');
  }
}

export function writeRecord(folder: string, record: StudyRecord): void {
  writeAtomically(join(folder, RECORD_FILE), `${JSON.stringify(record, null, 2)}\n`, {durable: true});
}

/** @throws RiceError SWEEP_NOT_FOUND or SWEEP_DAMAGED */
export function readStudy(folder: string): StudyRecord {
  const path = join(folder, RECORD_FILE);
  if (!existsSync(path)) {
    const reason = existsSync(folder) ? `${RECORD_FILE} is missing` : 'it does not exist';
    throw new RiceError('SWEEP_NOT_FOUND', `${folder} is not the folder of a search: ${reason}`);
  }
  try {
    const record = JSON.parse(readFileSync(path, 'utf8')) as StudyRecord;
    if (record.format !== 1 || typeof record.sweep?.text !== 'string') throw new Error('its format is not known');
    return record;
  } catch (error) {
    throw new RiceError('SWEEP_DAMAGED', `${path} cannot be read: ${(error as Error).message}`, {cause: error});
  }
}

/** Makes sure that only one process searches in a folder. Returns what releases it. */
export function lockStudy(folder: string): () => void {
  const {release, owner} = tryLock(join(folder, LOCK_FILE));
  if (release) return release;
  throw new RiceError('SWEEP_BUSY', `${owner} is searching in ${folder}`);
}

/** The first free folder `<parent>/<name>`, `<name>-2` and so on. */
export function newStudyFolder(parent: string, name: string): string {
  const plain = name.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-').replaceAll(/^[-.]+|-+$/g, '') || 'sweep';
  for (let number = 1; ; number++) {
    const folder = join(parent, number === 1 ? plain : `${plain}-${number}`);
    if (!existsSync(folder)) return folder;
  }
}
