import {existsSync, readFileSync} from 'node:fs';
import {defined} from '../../common/defined.ts';
import {RiceError} from '../../common/errors.ts';
import {writeAtomically} from '../../common/files/atomic-file.ts';
import {round} from '../../common/round.ts';
import type {Scale, ScannedGrain, ScannedPicture} from '../types.ts';

/** One file, and the grain that it shows. */
export interface CropEntry {
  /** Relative to the manifest's folder, parts separated by slashes. */
  file: string;
  /** SHA-256 of the picture that it was cut from. */
  picture: string;
  id: number;
  /** Centroid in the picture, in its pixels. */
  x: number;
  y: number;
  label: string;
  confidence: number;
  known: boolean;
  grade?: string;
  /** Side of the file in pixels, which are those of the picture. */
  side: number;
}

interface ManifestDocument {
  crops: 1;
  pictures: {path: string; sha256: string; width: number; height: number; scale: Scale | null}[];
  grains: CropEntry[];
}

/** `manifest.json` of a folder of cut-out grains; what an earlier call wrote stays in it. */
export class CropManifest {
  readonly #path: string;
  readonly #pictures = new Map<string, ManifestDocument['pictures'][number]>();
  readonly #grains = new Map<string, CropEntry>();

  /** @throws RiceError PATH_NOT_WRITABLE if a manifest of something else is there */
  constructor(path: string) {
    this.#path = path;
    if (!existsSync(path)) return;
    const {pictures, grains} = readManifest(path);
    for (const picture of pictures) this.#pictures.set(picture.sha256, picture);
    for (const grain of grains) this.#grains.set(grain.file, grain);
  }

  /** Adds the files of one picture, and writes the manifest. */
  add(
    {path, sha256, width, height, scale}: ScannedPicture,
    side: number,
    files: readonly {grain: ScannedGrain; file: string}[],
  ): void {
    this.#pictures.set(sha256, {path, sha256, width, height, scale});
    for (const {grain, file} of files) {
      const {id, x, y, label, confidence, known, grade} = grain;
      const name = file.replaceAll('\\', '/');
      this.#grains.set(name, {
        ...{file: name, picture: sha256, id, x: round(x, 2), y: round(y, 2)},
        ...{label, confidence: round(confidence), known, ...defined({grade}), side},
      });
    }
    const document: ManifestDocument = {
      crops: 1,
      pictures: [...this.#pictures.values()],
      grains: [...this.#grains.values()],
    };
    writeAtomically(this.#path, `${JSON.stringify(document, null, 1)}\n`);
  }
}

function readManifest(path: string): ManifestDocument {
  try {
    const document = JSON.parse(readFileSync(path, 'utf8')) as Partial<ManifestDocument>;
    const {pictures, grains} = document;
    if (document.crops === 1 && Array.isArray(pictures) && Array.isArray(grains)) return document as ManifestDocument;
  } catch {
    // As one of something else.
  }
  throw new RiceError('PATH_NOT_WRITABLE', `${path} is there already, and is not a manifest of cut-out grains`, {
    suggestions: ['Name another folder with --crops.'],
  });
}
