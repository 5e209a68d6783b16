import {existsSync, readdirSync, type Stats, statSync} from 'node:fs';
import {basename, dirname, join} from 'node:path';
import {RiceError} from '../common/errors.ts';
import {shellWords} from '../common/shell-words.ts';

/** The model in the folder of a run. */
export const RUN_MODEL_FILE = 'model.onnx';

/** What stands for the newest run. */
const LAST = 'last';

/** Where runs lie unless they are told otherwise, below the current folder. */
export const RUNS_FOLDER = 'runs';

/**
 * The model file that a path stands for: itself, the model of the run whose folder it is, or, for `last`, the model of
 * the newest run in `runs`. Something named `last` is meant by `last` only where there is no run, and by `./last` always.
 *
 * @throws RiceError MODEL_NOT_FOUND where a folder holds no model, or there is no run
 */
export function modelPath(path: string): string {
  if (path === LAST)
    return newestModel(RUNS_FOLDER) ?? (existsSync(path) ? modelPath(`./${path}`) : noRun(RUNS_FOLDER));
  if (basename(path) === LAST && !existsSync(path)) {
    const runs = join(dirname(path), RUNS_FOLDER);
    return newestModel(runs) ?? noRun(runs);
  }
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

/** What to say of a name that means a run though a file or folder has it, too; undefined for any other. */
export function hiddenBy(named: string, model: string): string | undefined {
  if (named !== LAST || !existsSync(LAST) || !model.startsWith(RUNS_FOLDER)) return undefined;
  return `--model ${LAST} is the newest run, ${model}; what is named ${LAST} here is --model ./${LAST}`;
}

function newestModel(runs: string): string | undefined {
  const models = (isFolder(runs) ? readdirSync(runs) : [])
    .map((name) => join(runs, name, RUN_MODEL_FILE))
    .flatMap((path) => {
      const stats = statsOf(path);
      return stats?.isFile() ? [{path, modified: stats.mtimeMs}] : [];
    })
    .sort((a, b) => b.modified - a.modified);
  return models[0]?.path;
}

function noRun(runs: string): never {
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
