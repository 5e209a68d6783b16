import {RiceError} from '../../common/errors.ts';
import {MAX_FILE_BYTES} from '../../dataset/read-file.ts';

export interface Limits {
  files: number;
  /** Unpacked size of all files together. */
  bytes: number;
  /** Unpacked size of each file. */
  fileBytes: number;
}

/**
 * Several times the size of the Rice Image Dataset (75,000 pictures of about 4 kB, 270 MB in total). A larger archive is a mistake
 * or an attack, unless the user allows it.
 */
export const LIMITS: Readonly<Limits> = {files: 300_000, bytes: 2e9, fileBytes: 25e6};

const FILES_PER_GIGABYTE = 150_000;

/** The limits of an archive that may unpack to a number of GB: then each picture may have any size that can be read. */
export function limitsFor(gigabytes: number): Limits {
  const files = Math.max(LIMITS.files, gigabytes * FILES_PER_GIGABYTE);
  return {files, bytes: gigabytes * 1e9, fileBytes: MAX_FILE_BYTES};
}

/** The remedy for an archive above the limits. */
export const TRUSTED = ['If you trust it, allow it to unpack to more GB with --max-unpacked.'];

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
    throw new RiceError('ARCHIVE_TOO_LARGE', `${this.#archive} is too large: ${what}`, {suggestions: TRUSTED});
  }
}
