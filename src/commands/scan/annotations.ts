import {existsSync, mkdirSync, realpathSync, statSync} from 'node:fs';
import {basename, dirname, extname, join, resolve} from 'node:path';
import {fromFileSystemError, RiceError} from '../../common/errors.ts';
import {checkWritable, writeAtomically} from '../../common/files/atomic-file.ts';
import type {Frame} from '../../image/frame.ts';
import type {AnnotateOptions} from '../../scanning/output/annotate.ts';
import {ANNOTATION_FORMATS, type AnnotationFormat, annotatedFile} from '../../scanning/output/annotated-file.ts';
import type {ScannedPicture} from '../../scanning/types.ts';

/** What is written into a folder that `--annotate` names. */
const FOLDER_FORMAT = 'jpg';

/** Where `--annotate` writes to: one file, or for each picture one by a pattern in which `*` is its name. */
export class Annotations {
  readonly #pattern: string;
  readonly #format: AnnotationFormat;
  readonly #options: AnnotateOptions;
  readonly #names = new Map<string, number>();

  /**
   * @param target a file, a pattern or a folder
   * @param several whether more than one picture may come
   * @throws RiceError USAGE for a name of no format, or for one file for several pictures; PATH_NOT_WRITABLE
   */
  constructor(target: string, several: boolean, options: AnnotateOptions) {
    this.#options = options;
    this.#pattern = isFolder(target) ? join(target, `*.${FOLDER_FORMAT}`) : target;
    this.#format = formatOf(this.#pattern);
    const folder = dirname(this.#pattern);
    if (folder.includes('*'))
      throw new RiceError('USAGE', `--annotate ${target}: the * must be in the name of the file, not of its folder`);
    if (this.#isPattern) makeFolder(folder);
    else if (several)
      throw new RiceError('USAGE', `--annotate ${target} is one file, but there may be several pictures`, {
        suggestions: [`Name a folder, or a pattern: --annotate 'marked/*${extname(target)}'`],
      });
    else checkWritable(target);
  }

  /** @throws RiceError USAGE where the picture itself would be overwritten; PATH_NOT_WRITABLE */
  async write(frame: Frame, picture: ScannedPicture): Promise<void> {
    const path = this.#pathFor(picture.path);
    if (isSame(path, picture.path))
      throw new RiceError('USAGE', `--annotate would overwrite the picture ${picture.path}`, {
        suggestions: ['Name another file or folder with --annotate.'],
      });
    if (this.#isPattern && isTwin(path, picture.path))
      throw new RiceError('USAGE', `--annotate would overwrite ${path}, which may be a photograph as well`, {
        suggestions: ["Name another folder, or a pattern that adds to the name: --annotate '*-marked.jpg'"],
      });
    writeAtomically(path, await annotatedFile(this.#format, frame, picture, this.#options));
  }

  get #isPattern(): boolean {
    return basename(this.#pattern).includes('*');
  }

  #pathFor(picture: string): string {
    if (!this.#isPattern) return this.#pattern;
    const name = picture === '-' ? 'picture' : basename(picture, extname(picture));
    const times = (this.#names.get(name) ?? 0) + 1;
    this.#names.set(name, times);
    return join(
      dirname(this.#pattern),
      basename(this.#pattern).replaceAll('*', () => (times === 1 ? name : `${name}-${times}`)),
    );
  }
}

function formatOf(target: string): AnnotationFormat {
  const extension = extname(target).slice(1).toLowerCase();
  const format = ANNOTATION_FORMATS.find((each) => each === extension);
  if (format) return format;
  throw new RiceError('USAGE', `--annotate ${target}: the name must end with .png, .jpg or .svg`, {
    suggestions: ['Name a file such as marked.png, or a folder that ends with a slash.'],
  });
}

function isFolder(target: string): boolean {
  return /[\\/]$/.test(target) || statSync(target, {throwIfNoEntry: false})?.isDirectory() === true;
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, {recursive: true});
  } catch (error) {
    throw fromFileSystemError(error, path, 'write');
  }
}

/** Whether a file that is there has the picture's name and folder and another ending, as phones keep a JPEG beside a HEIC. */
function isTwin(target: string, picture: string): boolean {
  if (!existsSync(target) || !existsSync(picture)) return false;
  const named = (path: string) => join(realpathSync(dirname(path)), basename(path, extname(path)));
  return named(target) === named(picture);
}

function isSame(target: string, picture: string): boolean {
  if (!existsSync(target) || !existsSync(picture)) return false;
  return realpathSync(resolve(target)) === realpathSync(resolve(picture));
}
