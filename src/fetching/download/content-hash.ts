import {createHash} from 'node:crypto';
import type {FileHash} from '../../dataset/digest.ts';

/** The digests of a content that comes piece by piece. */
export class ContentHash {
  readonly #md5 = createHash('md5');
  readonly #sha256 = createHash('sha256');

  update(bytes: Uint8Array): void {
    this.#md5.update(bytes);
    this.#sha256.update(bytes);
  }

  /** Of what came so far. */
  digests(): FileHash {
    return {md5: this.#md5.copy().digest('hex'), sha256: this.#sha256.copy().digest('hex')};
  }
}
