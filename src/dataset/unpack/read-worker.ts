import {closeSync, fstatSync, openSync, type Stats, writeSync} from 'node:fs';
import {join} from 'node:path';
import {parentPort, workerData} from 'node:worker_threads';
import {type ErrorCode, fromFileSystemError, RiceError} from '../../errors.ts';
import {useDecoded} from '../../image/decode.ts';
import {type FileHash, hashBytes} from '../digest.ts';
import type {FileError} from '../file-error.ts';
import {describeError} from '../file-error.ts';
import type {Content} from './container.ts';
import {Extractor} from './extract.ts';

/** A file to read: its hashes are told, and it is written below `ReadSettings.target` where `write` says so. */
export interface ReadItem {
  /** Relative to the dataset, with forward slashes. */
  path: string;
  bytes: number;
  content: Content;
  write: boolean;
}

/** What holds for all of a thread's files. */
export interface ReadSettings {
  /** Of the container, for messages. */
  name: string;
  /** The folder to write to; its folders of labels are there. */
  target?: string | undefined;
  /** Decodes every picture to its last pixel. */
  deep: boolean;
}

export interface ReadReply {
  /** For each file of the request; empty where it could not be read. */
  md5: string[];
  sha256: string[];
  /** Sizes as they were read. */
  bytes: number[];
  /** Times of the last change, ms since 1970, of the files that were written. */
  modified: (number | undefined)[];
  /** Pictures that cannot be read or decoded. */
  errors: FileError[];
  /** What makes going on pointless: a damaged archive, a full disk. */
  failure?: {code: ErrorCode; message: string; suggestions: string[]};
}

const extractor = new Extractor((workerData as ReadSettings | null)?.name ?? '');

/** The thread's side: reads, hashes, writes and decodes the files of each message. */
parentPort?.on('message', async (items: ReadItem[]) => {
  parentPort!.postMessage(await readItems(items, workerData as ReadSettings));
});

async function readItems(items: ReadItem[], settings: ReadSettings): Promise<ReadReply> {
  const reply: ReadReply = {md5: [], sha256: [], bytes: [], modified: [], errors: []};
  try {
    for (const item of items) await readItem(item, settings, reply);
  } catch (error) {
    const {code, message, suggestions} = error instanceof RiceError ? error : new RiceError('INTERNAL', String(error));
    reply.failure = {code, message, suggestions};
  }
  return reply;
}

async function readItem(item: ReadItem, {name, target, deep}: ReadSettings, reply: ReadReply): Promise<void> {
  const {path, write} = item;
  let bytes: Uint8Array;
  try {
    bytes = extractor.extract(path, item.bytes, item.content);
  } catch (error) {
    if (error instanceof RiceError) throw error;
    reply.errors.push({path, ...describeError(fromFileSystemError(error, path, 'read'))});
    append(reply, {md5: '', sha256: '', bytes: 0});
    return;
  }
  const written = write && target !== undefined ? writeNew({archive: name, target, path}, bytes) : undefined;
  append(reply, {...hashBytes(bytes), bytes: bytes.length, modified: written?.mtimeMs});
  if (deep) await decode(path, bytes, reply);
}

function append(reply: ReadReply, file: FileHash & {bytes: number; modified?: number | undefined}): void {
  reply.md5.push(file.md5);
  reply.sha256.push(file.sha256);
  reply.bytes.push(file.bytes);
  reply.modified.push(file.modified);
}

/** Two names that are one to this file system must not overwrite each other. */
function writeNew({archive, target, path}: {archive: string; target: string; path: string}, bytes: Uint8Array): Stats {
  const place = join(target, path);
  try {
    const file = openSync(place, 'wx');
    try {
      for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
      return fstatSync(file);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST')
      throw new RiceError('ARCHIVE_DAMAGED', `${archive} holds ${path} twice, as far as this file system can tell`);
    throw fromFileSystemError(error, place, 'write');
  }
}

async function decode(path: string, bytes: Uint8Array, reply: ReadReply): Promise<void> {
  try {
    await useDecoded(bytes, {}, () => {});
  } catch (error) {
    reply.errors.push({path, ...describeError(error)});
  }
}
