import {homedir} from 'node:os';
import {isAbsolute, relative, sep} from 'node:path';
import {currentFolder} from '../common/current-folder.ts';

/** A path for people: like `fromHere`, but with `~` for the home folder. */
export function displayPath(path: string, {cwd = currentFolder(), home = homedir()} = {}): string {
  const here = fromHere(path, cwd);
  const belowHome = relative(home, path);
  return here === path && isAbsolute(path) && isBelow(belowHome) ? `~${sep}${belowHome}` : here;
}

/** A path to type in the current folder: relative if it is below that folder. */
export function fromHere(path: string, cwd = currentFolder()): string {
  if (cwd === undefined) return path;
  const belowHere = relative(cwd, path);
  return isAbsolute(path) && isBelow(belowHere) ? belowHere : path;
}

function isBelow(path: string): boolean {
  return path !== '' && path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path);
}
