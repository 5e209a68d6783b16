import {accessSync, constants, existsSync} from 'node:fs';
import {availableParallelism, freemem, totalmem} from 'node:os';
import {dirname, resolve} from 'node:path';
import {folderSize} from '../../common/files/folder-size.ts';
import {freeBytes} from '../../fetching/download/disk-space.ts';

/** Below these, training or fetching the dataset is likely to fail. */
const LITTLE_MEMORY = 500e6;
const LITTLE_DISK = 1e9;

export interface Memory {
  /** Bytes that this process may use: of the machine, or of its container. */
  total: number;
  available: number;
  little: boolean;
}

export function readMemory(): Memory {
  const limit = process.constrainedMemory?.() ?? 0;
  const total = limit > 0 ? Math.min(limit, totalmem()) : totalmem();
  const available = Math.min(process.availableMemory?.() ?? freemem(), total);
  return {total, available, little: available < LITTLE_MEMORY};
}

export function readThreads(): number {
  return availableParallelism();
}

export interface CacheState {
  folder: string;
  bytes: number;
  writable: boolean;
  /** Bytes on its disk; missing where the system cannot tell. */
  free?: number;
  little: boolean;
}

/** @param folder it need not exist */
export function readCache(folder: string): CacheState {
  const free = freeBytes(folder);
  return {
    folder,
    bytes: folderSize(folder).bytes,
    writable: isWritable(folder),
    ...(free === undefined ? {} : {free}),
    little: free !== undefined && free < LITTLE_DISK,
  };
}

/** Whether it can be written, or made. */
function isWritable(path: string): boolean {
  let folder = resolve(path);
  while (!existsSync(folder) && folder !== dirname(folder)) folder = dirname(folder);
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
