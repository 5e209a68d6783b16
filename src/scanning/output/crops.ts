import {existsSync, mkdirSync, readFileSync} from 'node:fs';
import {basename, extname, join} from 'node:path';
import {fromFileSystemError, RiceError} from '../../common/errors.ts';
import {writeAtomically} from '../../common/files/atomic-file.ts';
import {encodePng} from '../../image/formats/png/encode.ts';
import type {Frame} from '../../image/frame.ts';
import {grainFrame} from '../naming/grain-frame.ts';
import type {ScannedGrain, ScannedPicture} from '../types.ts';
import {CropManifest} from './crop-manifest.ts';
import type {ColorBy} from './grain-classes.ts';

/** How many grains of a picture were written, and how many were left out. */
export interface CropCount {
  written: number;
  border: number;
  /** With `by`: whose variety or grade is not known. */
  unsure: number;
}

/**
 * A folder into which each grain goes as a picture: alone on black, in the middle of a square that is as large as the
 * classifier expects, so that pictures of a folder or of folders beside it can be trained on. `manifest.json` in it says
 * which grain of which picture each file is.
 */
export class CropFolder {
  readonly #folder: string;
  readonly #by: ColorBy | undefined;
  readonly #manifest: CropManifest;
  readonly #names = new Map<string, number>();

  /**
   * @param by into which folders within it the grains are sorted; none if it is undefined
   * @throws RiceError PATH_NOT_WRITABLE, or for a manifest of something else
   */
  constructor(folder: string, by?: ColorBy) {
    this.#folder = folder;
    this.#by = by;
    makeFolder(folder);
    this.#manifest = new CropManifest(join(folder, 'manifest.json'));
  }

  /**
   * Writes the grains of a picture, except those that the picture's border cuts.
   *
   * @param frame the picture as it is shown
   * @throws RiceError PATH_NOT_WRITABLE if another file has the name of a grain; nothing is written then
   */
  add(frame: Frame, picture: ScannedPicture): CropCount {
    const inner = picture.grains.filter(({border}) => !border);
    const chosen = inner.flatMap((grain) => {
      const folder = this.#folderOf(grain);
      return folder === undefined ? [] : [{grain, folder}];
    });
    const side = cropSide(picture);
    const name = this.#nameOf(picture.path);
    const digits = Math.max(3, String(picture.count).length);
    const files = chosen.map(({grain, folder}) => {
      const file = join(folder, `${name}-${String(grain.id).padStart(digits, '0')}.png`);
      const bytes = encodePng(grainFrame(frame, grain.outline, side), {pxPerMm: picture.scale?.pxPerMm});
      return {grain, file, bytes, there: this.#isThere(file, bytes)};
    });
    for (const {file, bytes, there} of files) {
      if (there) continue;
      makeFolder(join(this.#folder, file, '..'));
      writeAtomically(join(this.#folder, file), bytes);
    }
    this.#manifest.add(picture, side, files);
    return {
      written: files.length,
      border: picture.grains.length - inner.length,
      unsure: inner.length - chosen.length,
    };
  }

  /** Relative to the folder; undefined for a grain that belongs into none. */
  #folderOf({known, label, grade}: ScannedGrain): string | undefined {
    if (this.#by === undefined) return '';
    const name = this.#by === 'grade' ? grade : known ? label : undefined;
    return name === undefined ? undefined : folderName(name);
  }

  /** Pictures of different folders may have the same name. */
  #nameOf(path: string): string {
    const base = path === '-' ? 'picture' : basename(path, extname(path));
    const plain = folderName(base);
    const times = (this.#names.get(plain) ?? 0) + 1;
    this.#names.set(plain, times);
    return times === 1 ? plain : `${plain}-${times}`;
  }

  /** @returns whether the same file is there already, as after the same command was run twice */
  #isThere(file: string, bytes: Buffer): boolean {
    const path = join(this.#folder, file);
    if (!existsSync(path)) return false;
    if (readFileSync(path).equals(bytes)) return true;
    throw new RiceError('PATH_NOT_WRITABLE', `${path} is there already, and is another picture`, {
      suggestions: ['Name another folder with --crops, or remove the file.'],
    });
  }
}

/** Side in millimeters of the dataset's pictures, about: its longest grains take four fifths of it. */
const SIDE_MM = 9.5;
/** A grain fills its picture up to this share. */
const FULLEST = 0.95;

/**
 * Side of the pictures of grains in pixels. With a scale it is the same length in all photographs, so that varieties differ
 * in size as they do; without one, it is that at which the model knows the grains.
 */
function cropSide({scale, frameSide, grains}: ScannedPicture): number {
  const lengths = grains.filter(({border}) => !border).map(({feret}) => feret);
  const least = Math.ceil(Math.max(1, ...lengths) / FULLEST);
  return Math.max(least, scale ? Math.round(SIDE_MM * scale.pxPerMm) : (frameSide ?? 0));
}

/** A name of a picture or of a model as that of a file: nothing in it leads elsewhere. */
function folderName(name: string): string {
  const plain = name.replaceAll(/[\p{Cc}\p{Cf}/\\:*?"<>|]/gu, '_').replace(/^\.+|[. ]+$/g, '_');
  return plain.slice(0, 100) || '_';
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, {recursive: true});
  } catch (error) {
    throw fromFileSystemError(error, path, 'write');
  }
}
