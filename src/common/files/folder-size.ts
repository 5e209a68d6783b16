import {lstatSync, readdirSync} from 'node:fs';
import {join} from 'node:path';

export interface FolderSize {
  /** Of all files below it, as they are on the disk where the system tells, else their lengths. */
  bytes: number;
  files: number;
}

/** What a file, or a folder with all that is in it, takes on the disk. What is not there or may not be read counts nothing. */
export function folderSize(path: string): FolderSize {
  const found = lstatSync(path, {throwIfNoEntry: false});
  if (!found) return {bytes: 0, files: 0};
  if (!found.isDirectory()) return {bytes: Math.max(found.size, (found.blocks ?? 0) * 512), files: 1};
  const sum = {bytes: 0, files: 0};
  for (const name of namesIn(path)) {
    const inner = folderSize(join(path, name));
    sum.bytes += inner.bytes;
    sum.files += inner.files;
  }
  return sum;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
