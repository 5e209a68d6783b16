import {existsSync, readdirSync, type Stats, statSync} from 'node:fs';
import {basename, dirname, join} from 'node:path';
import {RiceError} from '../common/errors.ts';
import {shellWords} from '../common/shell-words.ts';

/** The model in the folder of a run. */
export const RUN_MODEL_FILE = 'model.onnx';

/** Where runs lie unless they are told otherwise, below the current folder. */
export const RUNS_FOLDER = 'runs';

/**
 * The model file that a path stands for: itself, the model of the run whose folder it is, or, for `last`, the model of
 * the newest run in `runs`.
 *
 * @throws RiceError MODEL_NOT_FOUND where a folder holds no model, or there is no run
 */
export function modelPath(path: string): string {
  if (basename(path) === 'last' && !existsSync(path)) return newestModel(join(dirname(path), RUNS_FOLDER));
  if (!isFolder(path)) return path;
  const model = join(path, RUN_MODEL_FILE);
  if (existsSync(model)) return model;
  const unfinished = existsSync(join(path, 'run.json'));
  throw new RiceError(
    'MODEL_NOT_FOUND',
    `${path} is ${unfinished ? 'a run that has not been finished' : 'a folder'}: it holds no ${RUN_MODEL_FILE}`,
    {
      suggestions: [
        unfinished
          ? `Finish it: rice train --resume ${shellWords([path])}`
          : 'Name a model file, or the folder of a run.',
      ],
    },
  );
}

function newestModel(runs: string): string {
  const models = (isFolder(runs) ? readdirSync(runs) : [])
    .map((name) => join(runs, name, RUN_MODEL_FILE))
    .flatMap((path) => {
      const stats = statsOf(path);
      return stats?.isFile() ? [{path, modified: stats.mtimeMs}] : [];
    })
    .sort((a, b) => b.modified - a.modified);
  if (models.length > 0) return models[0].path;
  throw new RiceError('MODEL_NOT_FOUND', `there is no finished run in ${runs}, so no last model`, {
    suggestions: ['Train one: rice train', 'Or name a model file.'],
  });
}

function isFolder(path: string): boolean {
  return statsOf(path)?.isDirectory() ?? false;
}

/** Whatever else is wrong with the path is told by whoever reads it. */
function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}
