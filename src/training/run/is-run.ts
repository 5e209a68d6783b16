import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {RUN_MODEL_FILE, RUNS_FOLDER} from '../../model/model-path.ts';
import {RECORD_FILE} from './run-folder.ts';

/** Whether a source is the folder or the name of a run, finished or not. */
export function isRun(source: string): boolean {
  return [source, join(RUNS_FOLDER, source)].some((folder) =>
    [RUN_MODEL_FILE, RECORD_FILE].some((file) => existsSync(join(folder, file))),
  );
}
