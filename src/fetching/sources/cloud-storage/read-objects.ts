import {hash} from 'node:crypto';
import {setMaxListeners} from 'node:events';
import {promisify} from 'node:util';
import {gunzip} from 'node:zlib';
import {RiceError} from '../../../common/errors.ts';
import {MAX_FILE_BYTES} from '../../../dataset/read-file.ts';
import {RetryableError} from '../../download/retry.ts';
import {objectAddress} from './address.ts';
import type {Bucket} from './bucket.ts';
import type {BucketEntry, BucketOptions} from './list-bucket.ts';
import {retrying} from './retrying.ts';

export interface ReadObjectsOptions extends BucketOptions {
  /** Objects in flight, or waiting to be taken; 32 when left out. */
  concurrency?: number;
}

export interface ReadObject {
  entry: BucketEntry;
  bytes: Uint8Array;
}

const unzip = promisify(gunzip);

/**
 * Reads an object whole, and holds it against the size and digest that the bucket states. One that is stored compressed
 * is unpacked.
 *
 * @throws RiceError ACCESS_DENIED, DOWNLOAD_FAILED, ARCHIVE_TOO_LARGE for what cannot be a picture; the signal's reason
 */
export function readObject(bucket: Bucket, entry: BucketEntry, options: BucketOptions): Promise<Uint8Array> {
  const name = objectAddress(bucket.name, entry.name);
  if (entry.bytes > MAX_FILE_BYTES)
    throw new RiceError('ARCHIVE_TOO_LARGE', `${name} has ${entry.bytes} bytes, more than any picture`);
  return retrying({name, ...options}, () => readOnce(bucket, entry, name, options.signal));
}

/**
 * Reads many objects, several at a time, and gives each as soon as it is there. What fails ends the others, as does
 * leaving the loop.
 *
 * @throws as `readObject`
 */
export async function* readObjects(
  bucket: Bucket,
  entries: Iterable<BucketEntry>,
  {concurrency = 32, signal, ...options}: ReadObjectsOptions,
): AsyncGenerator<ReadObject> {
  const ending = new AbortController();
  const both = AbortSignal.any([signal, ending.signal]);
  // Each object listens, which is no leak.
  setMaxListeners(0, both);
  const flying = new Map<BucketEntry, Promise<ReadObject>>();
  const waiting = entries[Symbol.iterator]();
  const start = () => {
    const {done, value: entry} = waiting.next();
    if (done) return false;
    const reading = readOrThrow(bucket, entry, {...options, signal: both});
    flying.set(entry, reading);
    // The one that is taken tells; the others end because of it.
    reading.catch(() => {});
    return true;
  };
  try {
    while (flying.size < concurrency && start());
    while (flying.size > 0) {
      const read = await Promise.race(flying.values());
      flying.delete(read.entry);
      start();
      yield read;
    }
  } finally {
    ending.abort();
  }
}

async function readOrThrow(bucket: Bucket, entry: BucketEntry, options: BucketOptions): Promise<ReadObject> {
  return {entry, bytes: await readObject(bucket, entry, options)};
}

async function readOnce(bucket: Bucket, entry: BucketEntry, name: string, signal: AbortSignal): Promise<Uint8Array> {
  if (entry.bytes === 0) return new Uint8Array();
  const {body} = await bucket.openObject(entry, 0, signal);
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > entry.bytes) break;
  }
  const bytes = Buffer.concat(chunks);
  if (length !== entry.bytes) throw new RetryableError(`${name} came with another length than ${entry.bytes} bytes`);
  if (!(await isWhole(bytes, entry))) throw new RetryableError(`${name} came damaged: its digest is another`);
  return entry.gzipped ? await unpack(bytes, name) : bytes;
}

async function isWhole(bytes: Buffer, {md5, crc32c}: BucketEntry): Promise<boolean> {
  if (md5 !== undefined) return hash('md5', bytes) === md5;
  if (crc32c === undefined) return true;
  const {CRC32C} = await import('@google-cloud/storage');
  const digest = new CRC32C();
  digest.update(bytes);
  return digest.validate(crc32c);
}

async function unpack(bytes: Buffer, name: string): Promise<Uint8Array> {
  try {
    return await unzip(bytes, {maxOutputLength: MAX_FILE_BYTES});
  } catch (error) {
    throw new RiceError('DOWNLOAD_FAILED', `cannot fetch ${name}: it is said to be compressed with gzip, and is not`, {
      cause: error,
    });
  }
}
