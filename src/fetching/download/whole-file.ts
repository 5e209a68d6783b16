import {createReadStream, lstatSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {fromFileSystemError} from '../../common/errors.ts';
import type {FileHash} from '../../dataset/digest.ts';
import {ContentHash} from './content-hash.ts';
import {readState} from './download-state.ts';

export const ARCHIVE_FILE = 'archive';

export interface WholeFile {
  path: string;
  bytes: number;
  /** The digests of its bytes on the disk. */
  digests: FileHash;
}

/**
 * Finds the complete file of an earlier download in a folder. A file that has changed since is removed.
 *
 * @throws RiceError PATH_NOT_READABLE, PATH_NOT_WRITABLE; the reason of the signal
 */
export async function findWholeFile(folder: string, signal?: AbortSignal): Promise<WholeFile | undefined> {
  const path = join(folder, ARCHIVE_FILE);
  try {
    const found = lstatSync(path, {throwIfNoEntry: false});
    if (found === undefined) return undefined;
    const state = readState(folder);
    if (state !== undefined && found.isFile() && found.size === state.total) {
      const digests = await hashFile(path, signal);
      const {md5 = digests.md5, sha256 = digests.sha256} = state.digests;
      if (md5 === digests.md5 && sha256 === digests.sha256) return {path, bytes: found.size, digests};
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw fromFileSystemError(error, path, 'read');
  }
  remove(path);
  return undefined;
}

async function hashFile(path: string, signal: AbortSignal | undefined): Promise<FileHash> {
  const hash = new ContentHash();
  for await (const chunk of createReadStream(path, {highWaterMark: 1 << 20})) {
    signal?.throwIfAborted();
    hash.update(chunk);
  }
  return hash.digests();
}

function remove(path: string): void {
  try {
    rmSync(path, {recursive: true, force: true});
  } catch (error) {
    throw fromFileSystemError(error, path, 'write');
  }
}
