import {copyFileSync, linkSync, renameSync, rmSync, symlinkSync} from 'node:fs';
import {dirname, relative} from 'node:path';
import {temporaryName} from '../../common/files/temporary-folder.ts';

/** Renames a file; between disks, which cannot, it copies. */
export function moveFile(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    const temporary = temporaryName(to);
    try {
      copyFileSync(from, temporary);
      renameSync(temporary, to);
    } finally {
      rmSync(temporary, {force: true});
    }
  }
}

/**
 * Makes a link to a file, in place of what has that name: a symbolic one, where that is not possible a hard one, and where
 * neither is, a copy.
 */
export function linkFile(from: string, to: string, symbolic: boolean): void {
  const temporary = temporaryName(to);
  try {
    if (!(symbolic && tryToLink(from, temporary))) hardLinkOrCopy(from, temporary);
    renameSync(temporary, to);
  } finally {
    // Two hard links of one file are not renamed onto each other, and a full disk leaves half a copy.
    rmSync(temporary, {force: true});
  }
}

/** Symbolic links need a privilege on Windows, and some disks have none. */
function tryToLink(from: string, to: string): boolean {
  try {
    symlinkSync(relative(dirname(to), from), to);
    return true;
  } catch {
    return false;
  }
}

function hardLinkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}
