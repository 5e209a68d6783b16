import {closeSync, openSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {hostname} from 'node:os';
import {resolve} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {fromFileSystemError} from '../errors.ts';
import {isAlive} from './is-alive.ts';

/** What releases the lock, or who holds it ("process 4711"). */
export type LockAttempt = {release: () => void; owner?: never} | {release?: never; owner: string};

export interface WaitForLockOptions {
  /** Called once where another process holds the lock. */
  onWait?: ((owner: string) => void) | undefined;
  signal?: AbortSignal | undefined;
}

const POLL_MS = 250;

/** A lock without contents is being written at this moment, unless it has been so for this long. */
const WRITING_MS = 10_000;

/** Locks of this process: where a process of this number is said to hold another one, it was an earlier process. */
const held = new Set<string>();

/**
 * Takes a lock file, which names its process and host; one whose process is gone is taken over.
 *
 * @throws what `node:fs` throws where the file cannot be written
 */
export function tryLock(path: string): LockAttempt {
  const place = resolve(path);
  for (let attempt = 1; ; attempt++) {
    try {
      create(place);
      held.add(place);
      return {release: () => release(place)};
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const standing = inspect(place);
      if (typeof standing === 'object') return standing;
      if (attempt === 3) return {owner: 'another process'};
      if (standing === 'abandoned') removeAbandoned(place);
    }
  }
}

/**
 * Takes a lock file as `tryLock` does, as soon as no other process holds it.
 *
 * @returns what releases it
 * @throws RiceError PATH_NOT_WRITABLE, PATH_NOT_FOUND or DISK_FULL; the signal's reason
 */
export async function waitForLock(path: string, {onWait, signal}: WaitForLockOptions = {}): Promise<() => void> {
  for (let announced = false; ; announced = true) {
    signal?.throwIfAborted();
    const {release, owner} = attemptLock(path);
    if (release) return release;
    if (!announced) onWait?.(owner);
    // Woken early, the loop throws the signal's own reason.
    await sleep(POLL_MS, undefined, signal ? {signal} : {}).catch(() => {});
  }
}

function attemptLock(path: string): LockAttempt {
  try {
    return tryLock(path);
  } catch (error) {
    throw fromFileSystemError(error, path, 'write');
  }
}

function create(place: string): void {
  const file = openSync(place, 'wx');
  try {
    writeFileSync(file, JSON.stringify({pid: process.pid, host: hostname()}));
  } catch (error) {
    // On a full disk the file is made, but remains empty.
    rmSync(place, {force: true});
    throw error;
  } finally {
    closeSync(file);
  }
}

function release(place: string): void {
  // A second call must not remove a lock that another process has taken since.
  if (held.delete(place)) rmSync(place, {force: true});
}

/** Who holds the lock, unless that process is gone. Of other machines nothing is known: their locks hold. */
function inspect(place: string): {owner: string} | 'abandoned' | 'missing' {
  try {
    const {pid, host} = JSON.parse(readFileSync(place, 'utf8')) as {pid?: unknown; host?: unknown};
    if (typeof pid === 'number' && typeof host === 'string') {
      if (host !== hostname()) return {owner: `process ${pid} on ${host}`};
      const lives = pid === process.pid ? held.has(place) : isAlive(pid);
      return lives ? {owner: `process ${pid}`} : 'abandoned';
    }
  } catch {
    // Not written whole.
  }
  const age = ageOf(place);
  if (age === undefined) return 'missing';
  return age < WRITING_MS ? {owner: 'another process'} : 'abandoned';
}

/**
 * Only who has made the file beside it may remove an abandoned lock: else, of two processes that see it, the slower one
 * would remove the new lock of the faster one.
 */
function removeAbandoned(place: string): void {
  const permit = `${place}.takeover`;
  try {
    closeSync(openSync(permit, 'wx'));
  } catch {
    // Another process is at it, or was killed just there.
    if ((ageOf(permit) ?? 0) > WRITING_MS) rmSync(permit, {force: true});
    return;
  }
  try {
    if (inspect(place) === 'abandoned') rmSync(place, {force: true});
  } finally {
    rmSync(permit, {force: true});
  }
}

function ageOf(path: string): number | undefined {
  const written = statSync(path, {throwIfNoEntry: false})?.mtimeMs;
  return written === undefined ? undefined : Date.now() - written;
}
