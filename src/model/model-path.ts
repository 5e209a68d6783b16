import {existsSync, readdirSync, type Stats, statSync} from 'node:fs';
import {basename, dirname, join} from 'node:path';
import {RiceError} from '../common/errors.ts';
import {formatPercent} from '../common/format-percent.ts';
import {nearest} from '../common/nearest-word.ts';
import {shellWords} from '../common/shell-words.ts';
import {bestRun} from './best-run.ts';

/** The model in the folder of a run. */
export const RUN_MODEL_FILE = 'model.onnx';

/** What stands for the newest run, and for the one that is most accurate in validation. */
const LAST = 'last';
const BEST = 'best';

/** Where runs lie unless they are told otherwise, below the current folder. */
export const RUNS_FOLDER = 'runs';

/**
 * The model file that a path stands for: itself, the model of the run whose folder it is, for `last` the model of the
 * newest run in `runs`, for `best` that of the run that is most accurate in validation (see `bestRun`), and for the name
 * of a run in `runs` the model of this run, unless a file or folder has that name. Something named `last` or `best` is
 * meant by these only where there is no run, and by `./last` always.
 *
 * @throws RiceError MODEL_NOT_FOUND where a folder holds no model, or there is no run
 */
export function modelPath(path: string): string {
  const [name, runs] = [basename(path), join(dirname(path), RUNS_FOLDER)];
  const word = name === LAST || name === BEST ? name : undefined;
  if (word !== undefined && (path === word || !existsSync(path)))
    return chosenModel(word, runs) ?? (existsSync(path) ? modelPath(`./${path}`) : noRun(word, runs));
  if (!existsSync(path) && isFolder(join(runs, name))) return modelPath(join(runs, name));
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

/** What to say of a name that stands for a run and may mean another model than somebody thinks; undefined for any other. */
export function explainModel(named: string, model: string): string | undefined {
  const name = basename(named);
  if (name !== LAST && name !== BEST) return undefined;
  const runs = join(dirname(named), RUNS_FOLDER);
  if (!model.startsWith(runs)) return undefined;
  if (named === name && existsSync(name)) {
    const what = name === LAST ? 'the newest run' : 'the best run';
    return `--model ${name} is ${what}, ${model}; what is named ${name} here is --model ./${name}`;
  }
  const best = name === BEST ? bestRun(runs, RUN_MODEL_FILE) : undefined;
  if (best?.comparable === false)
    return `--model best is ${best.folder}, but not all runs in ${runs} were validated with the same pictures: rice runs compare tells more`;
  if (!best?.tie) return undefined;
  const {folder, by} = best.tie;
  return `--model best is ${best.folder}: ${formatPercent(best.accuracy, 3)} in validation, as ${folder}; ${by} decides`;
}

/** The runs whose names look like one that was not found, to be suggested. */
export function runsNamedLike(path: string): string[] {
  const near = nearest(basename(path), namesIn(join(dirname(path), RUNS_FOLDER)));
  return near === undefined ? [] : [`Did you mean the run ${join(dirname(path), near)}?`];
}

function chosenModel(word: typeof LAST | typeof BEST, runs: string): string | undefined {
  if (word === LAST) return newestModel(runs);
  const best = bestRun(runs, RUN_MODEL_FILE);
  return best && join(best.folder, RUN_MODEL_FILE);
}

function newestModel(runs: string): string | undefined {
  const models = namesIn(runs)
    .map((name) => join(runs, name, RUN_MODEL_FILE))
    .flatMap((path) => {
      const stats = statsOf(path);
      return stats?.isFile() ? [{path, modified: stats.mtimeMs}] : [];
    })
    .sort((a, b) => b.modified - a.modified);
  return models[0]?.path;
}

function noRun(word: string, runs: string): never {
  throw new RiceError('MODEL_NOT_FOUND', `there is no finished run in ${runs}, so no ${word} model`, {
    suggestions: ['Train one: rice train', 'Or name a model file.'],
  });
}

function namesIn(folder: string): string[] {
  return isFolder(folder) ? readdirSync(folder) : [];
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
