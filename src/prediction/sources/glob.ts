import picomatch from 'picomatch';
import {defined} from '../../common/defined.ts';
import type {Picture} from '../picture.ts';
import {walkFolder} from './walk-folder.ts';

/** Whether a path is a pattern such as `photos/*.jpg` or `**` (picomatch's: bash's with `**`, braces and classes). */
export function isGlob(path: string): boolean {
  const {isGlob, negated} = picomatch.scan(toSlashes(path));
  return isGlob === true && negated !== true;
}

/** The folder in which all matches of a pattern lie. */
export function globBase(pattern: string): string {
  return picomatch.scan(toSlashes(pattern)).base || '.';
}

/** The files that a pattern matches, by name, folder by folder; hidden ones only where the pattern names the dot. */
export function* globFiles(pattern: string, except?: string): Generator<Picture[]> {
  const {glob} = picomatch.scan(toSlashes(pattern));
  const matches = picomatch(glob);
  const options = {
    ...{recursive: true, depth: depthOf(glob), everything: true, hidden: /(^|[/{,(|])\\?\./.test(glob)},
    ...defined({except}),
  };
  for (const pictures of walkFolder(globBase(pattern), options)) {
    const matched = pictures.filter(({key, failure}) => failure !== undefined || matches(key!));
    if (matched.length > 0) yield matched;
  }
}

/** How many levels of folders a pattern can reach into: what is deeper need not be listed. */
function depthOf(glob: string): number {
  return /\*\*|[{(]/.test(glob) ? Infinity : glob.split('/').length - 1;
}

/** In a pattern a backslash takes the meaning from the next character; on Windows it separates folders. */
function toSlashes(pattern: string): string {
  return process.platform === 'win32' ? pattern.replaceAll('\\', '/') : pattern;
}
