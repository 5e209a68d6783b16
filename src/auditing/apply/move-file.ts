import {linkSync, lstatSync, mkdirSync, renameSync, unlinkSync} from 'node:fs';
import {dirname, extname} from 'node:path';

/**
 * Moves a file within a file system without replacing another one: it has its new name before it loses the old one.
 *
 * @returns false if the new name is taken
 */
export function moveFile(from: string, to: string): boolean {
  mkdirSync(dirname(to), {recursive: true});
  try {
    linkSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    // Some file systems have no hard links.
    if (lstatSync(to, {throwIfNoEntry: false})) return false;
    renameSync(from, to);
    return true;
  }
  unlinkSync(from);
  return true;
}

/** Ends a move that a killed process has left with both names. */
export function finishMove(from: string, to: string): void {
  const [old, placed] = [from, to].map((path) => lstatSync(path, {throwIfNoEntry: false}));
  if (old && placed && old.ino === placed.ino && old.dev === placed.dev && from !== to) unlinkSync(from);
}

/** `grain.jpg`, or `grain-2.jpg` where that is taken. */
export function freeName(path: string): string {
  const extension = extname(path);
  const stem = path.slice(0, path.length - extension.length);
  for (let count = 2, name = path; ; count++) {
    if (!lstatSync(name, {throwIfNoEntry: false})) return name;
    name = `${stem}-${count}${extension}`;
  }
}
