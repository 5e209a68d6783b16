import {homedir} from 'node:os';
import {isAbsolute, relative, sep} from 'node:path';

/** A path for people: as `fromHere`, and below the home folder with `~`. */
export function displayPath(path: string, {cwd = process.cwd(), home = homedir()} = {}): string {
  const here = fromHere(path, cwd);
  const there = relative(home, path);
  return here === path && isAbsolute(path) && isBelow(there) ? `~${sep}${there}` : here;
}

/** A path to be typed here: below the current folder without it. */
export function fromHere(path: string, cwd = process.cwd()): string {
  const here = relative(cwd, path);
  return isAbsolute(path) && isBelow(here) ? here : path;
}

function isBelow(path: string): boolean {
  return path !== '' && path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path);
}
