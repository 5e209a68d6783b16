import {closeSync, openSync, readFileSync, rmSync, statSync, utimes, writeFileSync} from 'node:fs';
import {hostname} from 'node:os';
import {resolve} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {fromFileSystemError} from '../errors.ts';
import {isAlive} from './is-alive.ts';

/** A function that releases the lock, or the owner of the lock ("process 4711"). */
export type LockAttempt = {release: () => void; owner?: never} | {release?: never; owner: string};

export interface WaitForLockOptions {
  /** Called once if another process holds the lock, with that process and the path of the lock file. */
  onWait?: ((owner: string, path: string) => void) | undefined;
  /** Milliseconds without renewal after which a lock of another machine counts as abandoned. */
  patience?: number | undefined;
  signal?: AbortSignal | undefined;
}

const POLL_MS = 250;

/** How often the owner renews its lock. */
const RENEW_MS = 10_000;
const PATIENCE_MS = 120_000;

/** An empty lock file younger than this is still being written; an older one is abandoned. */
const WRITING_MS = 10_000;

/** Locks of this process. Any other lock with this process id is from an earlier process with the same id. */
const held = new Set<string>();

/**
 * Acquires a lock file, which contains its process id and host. The lock of an ended process is taken over.
 *
 * @throws the error of `node:fs` if the file cannot be written
 */
export function tryLock(path: string): LockAttempt {
  const lockPath = resolve(path);
  for (let attempt = 1; ; attempt++) {
    try {
      create(lockPath);
      held.add(lockPath);
      return {release: () => release(lockPath)};
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const state = inspect(lockPath);
      if (typeof state === 'object') return state;
      if (attempt === 3) return {owner: 'another process'};
      if (state === 'abandoned') removeAbandoned(lockPath);
    }
  }
}

/** Who holds a lock file, without acquiring it; undefined where nobody does. */
export function lockOwner(path: string): string | undefined {
  const state = inspect(resolve(path));
  return typeof state === 'object' ? state.owner : undefined;
}

/**
 * Waits until no other process holds the lock, acquires it like `tryLock`, and renews it until it is released. The lock of
 * another machine is taken over if it is no longer renewed.
 *
 * @returns a function that releases the lock
 * @throws RiceError PATH_NOT_WRITABLE, PATH_NOT_FOUND or DISK_FULL; the reason of the signal
 */
export async function waitForLock(
  path: string,
  {onWait, patience = PATIENCE_MS, signal}: WaitForLockOptions = {},
): Promise<() => void> {
  const lockPath = resolve(path);
  let seen = {renewed: Number.NaN, since: Date.now()};
  for (let announced = false; ; announced = true) {
    signal?.throwIfAborted();
    const {release, owner} = attemptLock(path);
    if (release) return renewing(lockPath, release);
    if (!announced) onWait?.(owner, lockPath);
    // The clocks of two machines may differ, so this only checks whether the modification time changes.
    const renewed = statSync(lockPath, {throwIfNoEntry: false})?.mtimeMs ?? Number.NaN;
    if (renewed !== seen.renewed) seen = {renewed, since: Date.now()};
    else if (Date.now() - seen.since > patience && isElsewhere(lockPath))
      removeIf(lockPath, () => isElsewhere(lockPath));
    // An abort ends the sleep early; the loop then throws the reason of the signal.
    await sleep(POLL_MS, undefined, signal ? {signal} : {}).catch(() => {});
  }
}

/** Renews a lock until it is released, for other machines, which cannot check whether the process is alive. */
function renewing(lockPath: string, release: () => void): () => void {
  const renewal = setInterval(() => utimes(lockPath, new Date(), new Date(), () => {}), RENEW_MS);
  renewal.unref();
  return () => {
    clearInterval(renewal);
    release();
  };
}

function attemptLock(path: string): LockAttempt {
  try {
    return tryLock(path);
  } catch (error) {
    throw fromFileSystemError(error, path, 'write');
  }
}

function create(lockPath: string): void {
  const file = openSync(lockPath, 'wx');
  try {
    writeFileSync(file, JSON.stringify({pid: process.pid, host: hostname()}));
  } catch (error) {
    // On a full disk the file is created, but stays empty.
    rmSync(lockPath, {force: true});
    throw error;
  } finally {
    closeSync(file);
  }
}

function release(lockPath: string): void {
  // A second call must not remove a lock that another process has acquired since.
  if (held.delete(lockPath)) rmSync(lockPath, {force: true});
}

/** The owner of the lock, unless its process has ended. Locks of other machines count as held. */
function inspect(lockPath: string): {owner: string} | 'abandoned' | 'missing' {
  try {
    const {pid, host} = JSON.parse(readFileSync(lockPath, 'utf8')) as {pid?: unknown; host?: unknown};
    if (typeof pid === 'number' && typeof host === 'string') {
      if (host !== hostname()) return {owner: `process ${pid} on ${host}`};
      const lives = pid === process.pid ? held.has(lockPath) : isAlive(pid);
      return lives ? {owner: `process ${pid}`} : 'abandoned';
    }
  } catch {
    // The file is incomplete.
  }
  const age = ageOf(lockPath);
  if (age === undefined) return 'missing';
  return age < WRITING_MS ? {owner: 'another process'} : 'abandoned';
}

/** Whether a process on another machine holds the lock. */
function isElsewhere(lockPath: string): boolean {
  try {
    const {host} = JSON.parse(readFileSync(lockPath, 'utf8')) as {host?: unknown};
    return typeof host === 'string' && host !== hostname();
  } catch {
    return false;
  }
}

/**
 * Only the process that created the `.takeover` file may remove an abandoned lock. Otherwise, if two processes see it, the
 * slower one would remove the new lock of the faster one.
 */
function removeAbandoned(lockPath: string): void {
  removeIf(lockPath, () => inspect(lockPath) === 'abandoned');
}

function removeIf(lockPath: string, isAbandoned: () => boolean): void {
  const takeover = `${lockPath}.takeover`;
  try {
    closeSync(openSync(takeover, 'wx'));
  } catch {
    // Another process is doing this, or was killed while it did.
    if ((ageOf(takeover) ?? 0) > WRITING_MS) rmSync(takeover, {force: true});
    return;
  }
  try {
    if (isAbandoned()) rmSync(lockPath, {force: true});
  } finally {
    rmSync(takeover, {force: true});
  }
}

function ageOf(path: string): number | undefined {
  const written = statSync(path, {throwIfNoEntry: false})?.mtimeMs;
  return written === undefined ? undefined : Date.now() - written;
}
