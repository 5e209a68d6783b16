import picomatch from 'picomatch';
import type {Picture} from '../picture.ts';
import {walkFolder} from './walk-folder.ts';

/** Whether a path is a pattern such as `photos/*.jpg` or `**` (picomatch's: bash's with `**`, braces and classes). */
export function isGlob(path: string): boolean {
  return picomatch.scan(toSlashes(path)).isGlob;
}

/** The files that a pattern matches, by name, folder by folder; hidden ones only where the pattern names the dot. */
export function* globFiles(pattern: string, except?: string): Generator<Picture[]> {
  const {base, glob} = picomatch.scan(toSlashes(pattern));
  const matches = picomatch(glob);
  const recursive = glob.includes('/') || glob.includes('**');
  const options = {recursive, everything: true, ...(except === undefined ? {} : {except})};
  for (const pictures of walkFolder(base || '.', options)) {
    const matched = pictures.filter(({key, failure}) => failure !== undefined || matches(key!));
    if (matched.length > 0) yield matched;
  }
}

/** In a pattern a backslash takes the meaning from the next character; on Windows it separates folders. */
function toSlashes(pattern: string): string {
  return process.platform === 'win32' ? pattern.replaceAll('\\', '/') : pattern;
}
