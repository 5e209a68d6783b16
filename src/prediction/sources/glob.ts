import picomatch from 'picomatch';
import {defined} from '../../common/defined.ts';
import type {Picture} from '../picture.ts';
import {walkFolder} from './walk-folder.ts';

/** Whether a path is a pattern such as `photos/*.jpg` or `**` (picomatch: like bash, with `**`, braces and classes). */
export function isGlob(path: string): boolean {
  const {isGlob, negated} = picomatch.scan(toSlashes(path));
  return isGlob === true && negated !== true;
}

/** The folder that contains all matches of a pattern. */
export function globBase(pattern: string): string {
  return picomatch.scan(toSlashes(pattern)).base || '.';
}

/** The files that match a pattern, by name, folder by folder; hidden files only if the pattern contains the dot. */
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

/** The number of folder levels that a pattern can match; deeper folders need not be listed. */
function depthOf(glob: string): number {
  return /\*\*|[{(]/.test(glob) ? Infinity : glob.split('/').length - 1;
}

/** In a pattern a backslash escapes the next character, but on Windows it separates folders. */
function toSlashes(pattern: string): string {
  return process.platform === 'win32' ? pattern.replaceAll('\\', '/') : pattern;
}
