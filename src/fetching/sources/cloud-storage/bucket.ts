import type {FileMetadata} from '@google-cloud/storage';
import {defined} from '../../../common/defined.ts';
import {type HttpAnswer, HttpClient} from '../../download/http-client.ts';
import {peek} from '../../download/peek.ts';
import {objectAddress} from './address.ts';
import {type OpenedStorage, openStorage} from './open-storage.ts';
import {fromStorageError, isMissing} from './storage-error.ts';
import {untilAborted} from './until-aborted.ts';

/** The metadata of an object. */
export interface BucketObject {
  /** The full name within the bucket. */
  name: string;
  /** The stored size. */
  bytes: number;
  /** Changes with the content; undefined if an emulator does not state it. */
  generation: string | undefined;
  /** Digest of the stored bytes, in lower-case hexadecimal; undefined for composite objects. */
  md5: string | undefined;
  /** Checksum of the stored bytes, in Base64. */
  crc32c: string | undefined;
  /** Whether it is stored compressed. */
  gzipped: boolean;
}

export interface ObjectPage {
  objects: BucketObject[];
  /** The names up to the next slash, for a shallow query. */
  folders: string[];
  /** The token of the next page. */
  next: string | undefined;
}

export interface PageQuery {
  prefix: string;
  page?: string | undefined;
  /** Whether to list only up to the next slash. */
  shallow?: boolean;
}

export interface OpenedObject {
  /** Whether the answer is the requested part, or else the whole object. */
  partial: boolean;
  /** Throws `RetryableError` if the connection breaks or stalls. */
  body: AsyncIterable<Uint8Array>;
}

/** The raw answer that the library returns for a query of some fields. */
interface ListAnswer {
  items?: FileMetadata[];
  prefixes?: string[];
  nextPageToken?: string;
}

const MAX_ERROR_BYTES = 65_536;

const FIELDS = 'name,size,generation,md5Hash,crc32c,contentEncoding';

/**
 * A Google Cloud Storage bucket, without retries.
 *
 * All methods throw RiceError ACCESS_DENIED or DOWNLOAD_FAILED if a retry is pointless, otherwise `RetryableError`, and the
 * reason of the signal.
 */
export class Bucket {
  readonly name: string;
  /** Seconds to wait for an answer, and for each pause in it. */
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

  /** The metadata of an object, or undefined if it does not exist. */
  async describe(object: string, signal: AbortSignal): Promise<BucketObject | undefined> {
    const answer = this.#opened.storage.bucket(this.name).file(object).getMetadata();
    // A missing bucket is noticed when it is listed.
    const found = answer.catch((error: unknown) => (isMissing(error) ? undefined : Promise.reject(error)));
    const metadata = (await this.#request(found, object, signal))?.[0];
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
    const [, , answer] = await this.#request(this.#opened.storage.bucket(this.name).getFiles(query), '', signal);
    const {items = [], prefixes = [], nextPageToken} = (answer ?? {}) as ListAnswer;
    return {objects: items.map(toObject), folders: prefixes, next: nextPageToken || undefined};
  }

  /**
   * Opens exactly this generation of an object, as stored, from an offset. This does not use the client library, which
   * waits forever for the rest if a connection breaks.
   */
  async openObject({name, generation}: BucketObject, start: number, signal: AbortSignal): Promise<OpenedObject> {
    const {storage, authorize} = this.#opened;
    const address = new URL(`${storage.baseUrl}/b/${this.name}/o/${encodeURIComponent(name)}?alt=media`);
    if (generation !== undefined) address.searchParams.set('generation', generation);
    const credentials = await this.#request(authorize(), name, signal);
    const headers = {'accept-encoding': 'gzip', ...(start > 0 ? {range: `bytes=${start}-`} : {})};
    const answer = await this.#client.get({address, credentials, headers, signal});
    if (answer.status === 200 || answer.status === 206) return {partial: answer.status === 206, body: answer.body};
    throw this.#explain(await readError(answer), name, signal);
  }

  async #request<T>(answer: Promise<T>, object: string, signal: AbortSignal): Promise<T> {
    try {
      return await untilAborted(answer, signal);
    } catch (error) {
      throw this.#explain(error, object, signal);
    }
  }

  /** The error for an object, or for the bucket if `object` is empty. */
  #explain(error: unknown, object: string, signal: AbortSignal): unknown {
    if (signal.aborted) return signal.reason;
    return fromStorageError(error, {name: objectAddress(this.name, object), timeout: this.timeout});
  }
}

/** An error answer as an error of the client library. */
async function readError({status, headers, body, discard}: HttpAnswer): Promise<Error> {
  const {head} = await peek(body, MAX_ERROR_BYTES);
  discard();
  let errors: unknown;
  try {
    errors = JSON.parse(Buffer.from(head).toString()).error.errors;
  } catch {
    // Not every error answer is JSON; the status is enough.
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
