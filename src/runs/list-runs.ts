import {existsSync, readdirSync, statSync} from 'node:fs';
import {basename, join, resolve} from 'node:path';
import {byCodePoint} from '../common/code-point-order.ts';
import {fromFileSystemError, RiceError} from '../common/errors.ts';
import {isTemporary} from '../common/files/temporary-folder.ts';
import {ARTIFACT_FOLDER} from '../training/run/run-folder.ts';
import {type MadeModel, readMadeModel} from './made-model.ts';
import {type Run, readRun} from './read-run.ts';

/** A run of which the record or the checkpoint cannot be read. */
export interface DamagedRun {
  name: string;
  folder: string;
  code: string;
  message: string;
}

export interface RunList {
  runs: Run[];
  /** Models that were made of others with a few pictures. */
  made: MadeModel[];
  damaged: DamagedRun[];
}

/** What makes a folder that of a run, even a damaged one. */
const MARKS = ['run.json', ARTIFACT_FOLDER];

/** Whether a folder is that of a run, whole or damaged. */
export function isRunFolder(folder: string): boolean {
  return MARKS.some((mark) => existsSync(join(folder, mark)));
}

/**
 * The runs in a folder by their names; other folders in it are passed over. The folder of a run stands for this run.
 *
 * @throws RiceError PATH_NOT_FOUND or PATH_NOT_READABLE
 */
export function listRuns(folder: string): RunList {
  const list: RunList = {runs: [], made: [], damaged: []};
  for (const path of isRunFolder(folder) ? [folder] : runFolders(folder)) {
    try {
      const made = readMadeModel(path);
      if (made) list.made.push(made);
      else list.runs.push(readRun(path));
    } catch (error) {
      const {code, message} =
        error instanceof RiceError ? error : new RiceError('RUN_DAMAGED', (error as Error).message, {cause: error});
      list.damaged.push({name: basename(resolve(path)), folder: path, code, message});
    }
  }
  return list;
}

function runFolders(folder: string): string[] {
  try {
    return readdirSync(folder)
      .sort(byCodePoint)
      .map((name) => join(folder, name))
      .filter((path) => !isTemporary(path) && isFolder(path) && isRunFolder(path));
  } catch (error) {
    throw fromFileSystemError(error, folder, 'read');
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
