import {createHash, randomBytes} from 'node:crypto';
import {mkdirSync, readdirSync, rmSync, statSync} from 'node:fs';
import {hostname} from 'node:os';
import {dirname, join} from 'node:path';
import {isAlive} from './is-alive.ts';

/** `<name>.tmp-<host>-<process>-<random>`: tells whether whoever made it still lives. */
const TEMPORARY = /\.tmp-([0-9a-f]{8})-(\d+)-[0-9a-f]+$/;

const DAY_MS = 24 * 60 * 60 * 1000;

/** Makes a folder of this process alone beside `target`, to be renamed to it when complete. */
export function makeTemporaryFolder(target: string): string {
  const folder = temporaryName(target);
  mkdirSync(folder, {recursive: true});
  return folder;
}

export function temporaryName(target: string): string {
  return `${target}.tmp-${hostTag()}-${process.pid}-${randomBytes(4).toString('hex')}`;
}

/**
 * Removes the temporary folders beside `target` that nobody will finish: those of this machine's processes that are no
 * more, and those of other machines (which may share the disk) when a day old.
 */
export function removeAbandonedFolders(target: string): void {
  const parent = dirname(target);
  for (const name of namesIn(parent)) {
    const [, host, pid] = TEMPORARY.exec(name) ?? [];
    if (host === undefined) continue;
    const folder = join(parent, name);
    try {
      if (host === hostTag() ? !isAlive(Number(pid)) : isOld(folder)) rmSync(folder, {recursive: true, force: true});
    } catch {
      // It is another user's.
    }
  }
}

/** None where the folder may not be listed: then nothing is tidied. */
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
