import {basename, join, resolve} from 'node:path';
import {teachInTerminal} from '../../cli/teach-in-terminal.ts';
import type {TeachView} from '../../cli/teach-view.ts';
import {defined} from '../../common/defined.ts';
import {RiceError} from '../../common/errors.ts';
import {scanDataset} from '../../dataset/scan.ts';
import {RUNS_FOLDER} from '../../model/model-path.ts';

/** What of the flags has a meaning with --from. */
interface TeachFlags {
  from: string;
  path: string;
  labelsFrom?: string | undefined;
  corrections?: string | undefined;
  out?: string | undefined;
  name?: string | undefined;
  'model-version': string;
  'whole-frame'?: boolean;
  folds: number;
  seed: number;
  settings: readonly {name: string; origin: string}[];
}

/** Settings that have an effect with --from, and those of every command. */
const ALLOWED = [
  'from',
  'folds',
  'seed',
  'out',
  'name',
  'modelVersion',
  'labelsFrom',
  'corrections',
  'dataset',
  'wholeFrame',
];
const GLOBAL = ['quiet', 'noColor', 'json', 'output'];

/** `rice train --from`: makes a model of another one. */
export async function teachFromFlags(flags: TeachFlags, view: TeachView) {
  const {path, from, labelsFrom, corrections, folds, seed, settings, 'model-version': version} = flags;
  rejectSettingsOfTraining(settings);
  const {newRunFolder} = await import('../../training/run/run-folder.ts');
  const run = flags.out ?? newRunFolder(join(process.cwd(), RUNS_FOLDER), 'taught');
  const result = await teachInTerminal(view, {
    dataset: scanDataset(path, defined({labelsFrom, corrections})),
    from,
    run,
    name: flags.name ?? basename(resolve(run)),
    version,
    folds,
    seed,
    ...(flags['whole-frame'] ? {wholeFrame: true} : {}),
    settings: [...settings],
  });
  const {images, accuracy} = result.held;
  const mistakes = images - Math.round(images * accuracy);
  // What a training tells, too: scripts read it.
  return {...result, device: 'cpu', epochs: 0, best: {epoch: 0, accuracy}, test: {images, accuracy, mistakes}};
}

/** The network is not trained: other settings would silently have no effect. */
function rejectSettingsOfTraining(settings: TeachFlags['settings']): void {
  const other = settings.find(
    ({name, origin}) => origin === 'flag' && !ALLOWED.includes(name) && !GLOBAL.includes(name),
  );
  if (!other) return;
  throw new RiceError(
    'USAGE',
    `the setting ${other.name} has no effect with --from, where the network is not trained`,
    {
      suggestions: ['Leave it out, or train a network from scratch: rice train DIR without --from.'],
    },
  );
}
