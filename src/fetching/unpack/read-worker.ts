import {closeSync, fstatSync, openSync, type Stats, writeSync} from 'node:fs';
import {join} from 'node:path';
import {parentPort, workerData} from 'node:worker_threads';
import {fromFileSystemError, RiceError} from '../../common/errors.ts';
import {onRequest} from '../../common/thread.ts';
import {hashBytes} from '../../dataset/digest.ts';
import {describeError} from '../../dataset/file-error.ts';
import {Extractor} from './extract.ts';
import {type ReadBatch, type ReadItem, unpackBatch} from './read-batch.ts';
import {buffersOf, emptyReply, type ReadReply, setHashes} from './read-reply.ts';

/** The settings for all files of a thread. */
export interface ReadSettings {
  /** The name of the container, for messages. */
  name: string;
  /** The folder to write to, in which the label folders exist. */
  target?: string | undefined;
  /** Whether to decode every picture completely. */
  deep: boolean;
}

const extractor = new Extractor((workerData as ReadSettings | null)?.name ?? '');

/** Reads, hashes, writes and decodes the files of each message. */
onRequest(async (batch: ReadBatch) => {
  const reply = await readBatch(batch, workerData as ReadSettings);
  parentPort!.postMessage(reply, buffersOf(reply));
});

async function readBatch(batch: ReadBatch, settings: ReadSettings): Promise<ReadReply> {
  const reply = emptyReply(batch.bytes.length);
  let row = 0;
  try {
    for (const item of unpackBatch(batch)) {
      const bytes = readItem(item, settings, reply, row++);
      if (bytes && settings.deep) await decode(item.path, bytes, reply);
    }
  } catch (error) {
    const {code, message, suggestions} = error instanceof RiceError ? error : new RiceError('INTERNAL', String(error));
    reply.failure = {code, message, suggestions};
  }
  return reply;
}

/** @returns the bytes of the file; undefined if it cannot be read */
function readItem(
  {path, bytes: size, content, write}: ReadItem,
  {name, target}: ReadSettings,
  reply: ReadReply,
  row: number,
): Uint8Array | undefined {
  let bytes: Uint8Array;
  try {
    bytes = extractor.extract(path, size, content);
  } catch (error) {
    if (error instanceof RiceError) throw error;
    reply.errors.push({path, ...describeError(fromFileSystemError(error, path, 'read'))});
    return undefined;
  }
  setHashes(reply, row, hashBytes(bytes));
  reply.bytes[row] = bytes.length;
  if (write && target !== undefined) {
    const {mtimeMs, ctimeMs} = writeNew({archive: name, target, path}, bytes);
    reply.modified[row] = mtimeMs;
    reply.changed[row] = ctimeMs;
  }
  return bytes;
}

/** Fails if the file exists: two names may be the same to a case-insensitive file system. */
function writeNew({archive, target, path}: {archive: string; target: string; path: string}, bytes: Uint8Array): Stats {
  const file = join(target, path);
  try {
    const descriptor = openSync(file, 'wx');
    try {
      for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
      return fstatSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST')
      throw new RiceError('ARCHIVE_DAMAGED', `${archive} contains ${path} twice, as far as this file system can tell`);
    throw fromFileSystemError(error, file, 'write');
  }
}

/** Loads the decoders only if they are needed. */
async function decode(path: string, bytes: Uint8Array, reply: ReadReply): Promise<void> {
  try {
    const {useDecoded} = await import('../../image/decode.ts');
    await useDecoded(bytes, {}, () => {});
  } catch (error) {
    reply.errors.push({path, ...describeError(error)});
  }
}
