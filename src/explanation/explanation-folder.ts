import {mkdirSync, realpathSync, statSync} from 'node:fs';
import {basename, extname, join} from 'node:path';
import {fromFileSystemError, RiceError} from '../common/errors.ts';
import {writeAtomically} from '../common/files/atomic-file.ts';
import {encodePng} from '../image/formats/png/encode.ts';
import type {Frame} from '../image/frame.ts';

/** Behind a picture's own name, so that no picture is overwritten. */
const SUFFIX = '-explained';
/** Characters that some system has no file names with. */
const UNUSABLE = /[\\/:*?"<>|\p{Cc}]/gu;
const LONGEST_NAME = 100;

/** A folder into which a picture that shows an explanation goes for each picture. */
export class ExplanationFolder {
  readonly #folder: string;
  readonly #names = new Map<string, number>();

  /** @throws RiceError PATH_NOT_WRITABLE if it cannot be made */
  constructor(folder: string) {
    this.#folder = folder;
    try {
      if (statSync(folder, {throwIfNoEntry: false})?.isFile())
        throw new RiceError('PATH_NOT_WRITABLE', `cannot explain into ${folder}: it is a file, not a folder`, {
          suggestions: ['Name a folder.'],
        });
      mkdirSync(folder, {recursive: true});
    } catch (error) {
      throw fromFileSystemError(error, folder, 'write');
    }
  }

  /**
   * Writes a picture as PNG; a second one of the same name gets a number.
   *
   * @param path of the picture that is explained
   * @returns the path of the new one
   * @throws RiceError PATH_NOT_WRITABLE or DISK_FULL
   */
  add(path: string, drawn: Frame): string {
    const own = path === '-' ? 'standard-input' : basename(path, extname(path));
    const name = own.replace(UNUSABLE, '_').slice(-LONGEST_NAME) || 'picture';
    const count = (this.#names.get(name) ?? 0) + 1;
    this.#names.set(name, count);
    const file = join(this.#folder, `${name}${count > 1 ? `-${count}` : ''}${SUFFIX}.png`);
    if (isSame(file, path))
      throw new RiceError('PATH_NOT_WRITABLE', `the explanation of a picture would overwrite ${path}`, {
        suggestions: ['Name another folder with --explain.'],
      });
    writeAtomically(file, encodePng(drawn));
    return file;
  }
}

function isSame(a: string, b: string): boolean {
  try {
    return realpathSync(a) === realpathSync(b);
  } catch {
    return false;
  }
}
