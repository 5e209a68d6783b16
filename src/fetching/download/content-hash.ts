import {createHash} from 'node:crypto';
import type {FileHash} from '../../dataset/digest.ts';

/** Hashes content incrementally. */
export class ContentHash {
  readonly #md5 = createHash('md5');
  readonly #sha256 = createHash('sha256');

  update(bytes: Uint8Array): void {
    this.#md5.update(bytes);
    this.#sha256.update(bytes);
  }

  /** The digests of the bytes so far. */
  digests(): FileHash {
    return {md5: this.#md5.copy().digest('hex'), sha256: this.#sha256.copy().digest('hex')};
  }
}
