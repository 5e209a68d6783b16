import type {FileMetadata} from '@google-cloud/storage';
import {defined} from '../../../common/defined.ts';
import {type HttpAnswer, HttpClient} from '../../download/http-client.ts';
import {peek} from '../../download/peek.ts';
import {objectAddress} from './address.ts';
import {type OpenedStorage, openStorage} from './open-storage.ts';
import {fromStorageError, isMissing} from './storage-error.ts';
import {untilAborted} from './until-aborted.ts';

/** What the storage says of an object. */
export interface BucketObject {
  /** The whole name within the bucket. */
  name: string;
  /** As it is stored. */
  bytes: number;
  /** Another content has another one; undefined where an emulator does not tell. */
  generation: string | undefined;
  /** Of what is stored, in lower-case hexadecimal; undefined for objects that were composed of several. */
  md5: string | undefined;
  /** Of what is stored, in Base64. */
  crc32c: string | undefined;
  /** It is stored compressed. */
  gzipped: boolean;
}

export interface ObjectPage {
  objects: BucketObject[];
  /** The names up to the next slash, where they were asked for. */
  folders: string[];
  /** For the next page. */
  next: string | undefined;
}

export interface PageQuery {
  prefix: string;
  page?: string | undefined;
  /** Stops at the next slash. */
  shallow?: boolean;
}

export interface OpenedObject {
  /** Answered with a part, as asked for, or with the whole. */
  partial: boolean;
  /** Throws `RetryableError` where the connection breaks or falls silent. */
  body: AsyncIterable<Uint8Array>;
}

/** What the library hands on as it comes when only some fields are asked for. */
interface ListAnswer {
  items?: FileMetadata[];
  prefixes?: string[];
  nextPageToken?: string;
}

const REFUSAL_BYTES = 65_536;

const FIELDS = 'name,size,generation,md5Hash,crc32c,contentEncoding';

/**
 * A bucket of Google Cloud Storage. Each request is made once.
 *
 * All methods throw RiceError ACCESS_DENIED or DOWNLOAD_FAILED where another try would be in vain, `RetryableError` else,
 * and the signal's reason.
 */
export class Bucket {
  readonly name: string;
  /** Seconds to wait for an answer, and for more of one. */
  readonly timeout: number;
  readonly #opened: OpenedStorage;
  readonly #client: HttpClient;

  private constructor(name: string, timeout: number, opened: OpenedStorage) {
    this.name = name;
    this.timeout = timeout;
    this.#opened = opened;
    this.#client = new HttpClient(timeout, {keepAlive: true});
  }

  static async open(name: string, timeout: number, signal: AbortSignal): Promise<Bucket> {
    const opened = await untilAborted(openStorage(name, timeout, signal), signal);
    return new Bucket(name, timeout, opened);
  }

  /** An object, or undefined where there is none of that name. */
  async describe(object: string, signal: AbortSignal): Promise<BucketObject | undefined> {
    const answer = this.#opened.storage.bucket(this.name).file(object).getMetadata();
    // A bucket that is missing shows when it is listed.
    const found = answer.catch((error: unknown) => (isMissing(error) ? undefined : Promise.reject(error)));
    const metadata = (await this.#ask(found, object, signal))?.[0];
    return metadata && toObject(metadata);
  }

  async listPage({prefix, page, shallow = false}: PageQuery, signal: AbortSignal): Promise<ObjectPage> {
    const query = {
      prefix,
      autoPaginate: false,
      fields: `items(${FIELDS}),prefixes,nextPageToken`,
      ...defined({pageToken: page}),
      ...(shallow ? {delimiter: '/'} : {}),
    };
    const [, , answer] = await this.#ask(this.#opened.storage.bucket(this.name).getFiles(query), '', signal);
    const {items = [], prefixes = [], nextPageToken} = (answer ?? {}) as ListAnswer;
    return {objects: items.map(toObject), folders: prefixes, next: nextPageToken || undefined};
  }

  /**
   * Opens an object of this generation, and no other, as it is stored, from a byte on. The client library is not asked:
   * it waits for ever for the rest where a connection breaks.
   */
  async openObject({name, generation}: BucketObject, start: number, signal: AbortSignal): Promise<OpenedObject> {
    const {storage, authorize} = this.#opened;
    const address = new URL(`${storage.baseUrl}/b/${this.name}/o/${encodeURIComponent(name)}?alt=media`);
    if (generation !== undefined) address.searchParams.set('generation', generation);
    const credentials = await this.#ask(authorize(), name, signal);
    const headers = {'accept-encoding': 'gzip', ...(start > 0 ? {range: `bytes=${start}-`} : {})};
    const answer = await this.#client.get({address, credentials, headers, signal});
    if (answer.status === 200 || answer.status === 206) return {partial: answer.status === 206, body: answer.body};
    throw this.#explain(await readRefusal(answer), name, signal);
  }

  async #ask<T>(answer: Promise<T>, object: string, signal: AbortSignal): Promise<T> {
    try {
      return await untilAborted(answer, signal);
    } catch (error) {
      throw this.#explain(error, object, signal);
    }
  }

  /** What went wrong with an object, or with the bucket where none is named. */
  #explain(error: unknown, object: string, signal: AbortSignal): unknown {
    if (signal.aborted) return signal.reason;
    return fromStorageError(error, {name: objectAddress(this.name, object), timeout: this.timeout});
  }
}

/** A refusal as the client library throws it. */
async function readRefusal({status, headers, body, discard}: HttpAnswer): Promise<Error> {
  const {head} = await peek(body, REFUSAL_BYTES);
  discard();
  let errors: unknown;
  try {
    errors = JSON.parse(Buffer.from(head).toString()).error.errors;
  } catch {
    // Not every refusal is JSON; the status says enough.
  }
  return Object.assign(new Error(`status ${status}`), {code: status, response: {headers}, errors});
}

function toObject({name = '', size, generation, md5Hash, crc32c, contentEncoding}: FileMetadata): BucketObject {
  return {
    name,
    bytes: Number(size ?? 0),
    generation: generation === undefined ? undefined : String(generation),
    md5: md5Hash ? Buffer.from(md5Hash, 'base64').toString('hex') : undefined,
    crc32c: crc32c || undefined,
    gzipped: contentEncoding === 'gzip',
  };
}
