import {hash} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {fromFileSystemError, RiceError} from '../../common/errors.ts';
import {parseCorrections} from '../../scanning/correcting/parse-corrections.ts';
import type {Corrections} from '../../scanning/corrections.ts';

/** The file of `--corrections`: what was said of one picture, or of several. */
export class CorrectionsFile {
  readonly #path: string;
  readonly #several: boolean;
  readonly #documents: readonly Corrections[];
  readonly #used = new Set<Corrections>();

  /**
   * @param several whether more than one picture may come; of a single one, the corrections must be its own
   * @throws RiceError CORRECTIONS_INVALID, PATH_NOT_FOUND, PATH_NOT_READABLE
   */
  constructor(path: string, several: boolean) {
    this.#path = path;
    this.#several = several;
    this.#documents = parseCorrections(read(path), path);
  }

  /** The corrections of a picture. Those of another one are an error of the scanner. */
  optionsFor(bytes: Uint8Array): {corrections?: Corrections} {
    const sha256 = hash('sha256', bytes);
    const own = this.#documents.find((each) => each.sha256 === sha256);
    const corrections = own ?? (this.#several ? undefined : this.#documents[0]);
    if (corrections === undefined) return {};
    this.#used.add(corrections);
    return {corrections};
  }

  /** For each picture that was corrected, but did not come: that it did not. */
  get unused(): RiceError[] {
    return this.#documents
      .filter((each) => !this.#used.has(each))
      .map(({sha256}) => {
        const which = `the picture with the SHA-256 ${sha256.slice(0, 12)}... that they are for`;
        return new RiceError(
          'CORRECTIONS_MISMATCH',
          `${this.#path}: corrections were not used: ${which} was not scanned`,
        );
      });
  }

  get path(): string {
    return this.#path;
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw fromFileSystemError(error, path, 'read');
  }
}
