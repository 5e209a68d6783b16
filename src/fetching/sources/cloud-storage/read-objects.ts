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
  /** Objects in flight or waiting for the consumer; 32 by default. */
  concurrency?: number;
}

export interface ReadObject {
  entry: BucketEntry;
  bytes: Uint8Array;
}

const unzip = promisify(gunzip);

/**
 * Reads a whole object and verifies its size and digest against the metadata. An object that is stored compressed is
 * decompressed.
 *
 * @throws RiceError ACCESS_DENIED, DOWNLOAD_FAILED, ARCHIVE_TOO_LARGE if it is too large for a picture; the reason of the
 *   signal
 */
export function readObject(bucket: Bucket, entry: BucketEntry, options: BucketOptions): Promise<Uint8Array> {
  const name = objectAddress(bucket.name, entry.name);
  if (entry.bytes > MAX_FILE_BYTES)
    throw new RiceError('ARCHIVE_TOO_LARGE', `${name} has ${entry.bytes} bytes, which is too large for a picture`);
  return retrying({name, ...options}, () => readOnce(bucket, entry, name, options.signal));
}

/**
 * Reads many objects concurrently, and yields each as soon as it is read. A failure or leaving the loop stops the others.
 *
 * @throws like `readObject`
 */
export async function* readObjects(
  bucket: Bucket,
  entries: Iterable<BucketEntry>,
  {concurrency = 32, signal, ...options}: ReadObjectsOptions,
): AsyncGenerator<ReadObject> {
  const stop = new AbortController();
  const anySignal = AbortSignal.any([signal, stop.signal]);
  // Each object adds a listener, which is not a leak.
  setMaxListeners(0, anySignal);
  const inFlight = new Map<BucketEntry, Promise<ReadObject>>();
  const remaining = entries[Symbol.iterator]();
  const start = () => {
    const {done, value: entry} = remaining.next();
    if (done) return false;
    const reading = readOrThrow(bucket, entry, {...options, signal: anySignal});
    inFlight.set(entry, reading);
    // The first failure is thrown by the loop, which stops the others; theirs must not count as unhandled rejections.
    reading.catch(() => {});
    return true;
  };
  try {
    while (inFlight.size < concurrency && start());
    while (inFlight.size > 0) {
      const read = await Promise.race(inFlight.values());
      inFlight.delete(read.entry);
      start();
      yield read;
    }
  } finally {
    stop.abort();
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
  if (length !== entry.bytes)
    throw new RetryableError(`${name} did not have the stated length of ${entry.bytes} bytes`);
  if (!(await isWhole(bytes, entry))) throw new RetryableError(`${name} was damaged: its digest is wrong`);
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
    throw new RiceError(
      'DOWNLOAD_FAILED',
      `cannot fetch ${name}: its metadata says gzip, but it is not compressed with gzip`,
      {
        cause: error,
      },
    );
  }
}
