import {RiceError} from '../../../common/errors.ts';
import type {OpenOptions, RemoteContent, RemoteFile} from '../../download/remote-file.ts';
import {objectAddress} from './address.ts';
import type {Bucket} from './bucket.ts';

/** An object of a bucket, to be downloaded completely. */
export class BucketFile implements RemoteFile {
  readonly name: string;
  readonly #bucket: Bucket;
  readonly #object: string;

  constructor(bucket: Bucket, object: string) {
    this.name = objectAddress(bucket.name, object);
    this.#bucket = bucket;
    this.#object = object;
  }

  /** @throws RiceError DOWNLOAD_FAILED or ACCESS_DENIED; `RetryableError`; the reason of the signal */
  async open(offset: number, {identity, signal}: OpenOptions): Promise<RemoteContent> {
    const object = await this.#bucket.describe(this.#object, signal);
    if (!object) throw new RiceError('DOWNLOAD_FAILED', `cannot fetch ${this.name}: there is no such object`);
    const {bytes, generation, md5} = object;
    const same = identity !== undefined && identity === generation && offset <= bytes;
    const content = {total: bytes, identity: generation, digests: {md5}};
    const start = same ? offset : 0;
    // Nothing is left after the end, and a range there would be an error.
    if (start === bytes) return {...content, offset: start, body: nothing()};
    const {partial, body} = await this.#bucket.openObject(object, start, signal);
    return {...content, offset: partial ? start : 0, body};
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
