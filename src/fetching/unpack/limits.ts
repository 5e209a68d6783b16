import {RiceError} from '../../common/errors.ts';

/** Limits of a dataset of pictures; a larger archive is a mistake or an attack. */
const MAX_FILES = 1_000_000;
const MAX_BYTES = 32e9;
const MAX_FILE_BYTES = 256e6;

export interface Limits {
  files: number;
  /** Unpacked size of all files together. */
  bytes: number;
  /** Unpacked size of each file. */
  fileBytes: number;
}

export const LIMITS: Readonly<Limits> = {files: MAX_FILES, bytes: MAX_BYTES, fileBytes: MAX_FILE_BYTES};

/** Counts the stated files and bytes of an archive, and rejects it as soon as they exceed the limits. */
export class LimitCheck {
  readonly #archive: string;
  readonly #limits: Limits;
  #files = 0;
  #bytes = 0;

  constructor(archive: string, limits: Limits = LIMITS) {
    this.#archive = archive;
    this.#limits = limits;
  }

  /** @throws RiceError ARCHIVE_TOO_LARGE */
  add(path: string, bytes: number): void {
    const {files, bytes: allBytes, fileBytes} = this.#limits;
    this.#files += 1;
    this.#bytes += bytes;
    if (bytes > fileBytes)
      this.refuse(`${path} has ${bytes.toLocaleString('en')} bytes, more than ${fileBytes / 1e6} MB`);
    if (this.#files > files) this.refuse(`more than ${files.toLocaleString('en')} files`);
    if (this.#bytes > allBytes) this.refuse(`more than ${allBytes / 1e9} GB`);
  }

  /** @throws RiceError ARCHIVE_TOO_LARGE */
  refuse(what: string): never {
    throw new RiceError('ARCHIVE_TOO_LARGE', `${this.#archive} is too large: ${what}`);
  }
}
