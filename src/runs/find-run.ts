import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import {RiceError} from '../common/errors.ts';
import {nearest} from '../common/nearest-word.ts';
import {isRunFolder} from './list-runs.ts';

/**
 * The folder of a run that is named, in the folder of runs or by its path. A name means a run in the folder of runs first.
 *
 * @throws RiceError RUN_NOT_FOUND, with the nearest name
 */
export function findRun(named: string, runs: string): string {
  // A trailing slash, as shells complete it, would follow a link.
  const plain = named.replace(/(?<=.)[\\/]+$/, '');
  const found = [join(runs, plain), plain].find(isRunFolder);
  if (found !== undefined) return found;
  const near = nearest(plain, namesIn(runs));
  throw new RiceError('RUN_NOT_FOUND', `there is no run ${plain} in ${runs}, nor a run of this path`, {
    suggestions: [...(near ? [`Did you mean ${near}?`] : []), 'See the runs there are: rice runs'],
  });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
