import {createHash, randomBytes} from 'node:crypto';
import {mkdirSync, readdirSync, rmSync, statSync} from 'node:fs';
import {hostname} from 'node:os';
import {dirname, join} from 'node:path';
import {isAlive} from './is-alive.ts';

/** `<name>.tmp-<host>-<process>-<random>`, so that it is known whether the process that made it is still running. */
const TEMPORARY = /\.tmp-([0-9a-f]{8})-(\d+)-[0-9a-f]+$/;

const DAY_MS = 24 * 60 * 60 * 1000;

/** Creates a folder for this process beside `target`, to be renamed to `target` when complete. */
export function makeTemporaryFolder(target: string): string {
  const folder = temporaryName(target);
  mkdirSync(folder, {recursive: true});
  return folder;
}

export function temporaryName(target: string): string {
  return `${target}.tmp-${hostTag()}-${process.pid}-${randomBytes(4).toString('hex')}`;
}

/**
 * Removes abandoned temporary folders beside `target`: those of ended processes on this machine, and those of other
 * machines (which may share the disk) after a day.
 */
export function removeAbandonedFolders(target: string): void {
  const parent = dirname(target);
  for (const name of namesIn(parent)) {
    const folder = join(parent, name);
    try {
      if (isAbandoned(folder)) rmSync(folder, {recursive: true, force: true});
    } catch {
      // It belongs to another user.
    }
  }
}

/** Whether a path has a name of `temporaryName`. */
export function isTemporary(path: string): boolean {
  return TEMPORARY.test(path);
}

/** Whether a temporary folder was abandoned by its process (see `removeAbandonedFolders`). */
export function isAbandoned(path: string): boolean {
  const [, host, pid] = TEMPORARY.exec(path) ?? [];
  if (host === undefined) return false;
  return host === hostTag() ? !isAlive(Number(pid)) : isOld(path);
}

/** Empty if the folder cannot be read: then nothing is removed. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function hostTag(): string {
  return createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
}

function isOld(folder: string): boolean {
  const modified = statSync(folder, {throwIfNoEntry: false})?.mtimeMs ?? Date.now();
  return Date.now() - modified > DAY_MS;
}
