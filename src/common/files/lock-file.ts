import {closeSync, openSync, readFileSync, rmSync, statSync, utimes, writeFileSync} from 'node:fs';
import {hostname} from 'node:os';
import {resolve} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {fromFileSystemError} from '../errors.ts';
import {isAlive} from './is-alive.ts';

/** What releases the lock, or who holds it ("process 4711"). */
export type LockAttempt = {release: () => void; owner?: never} | {release?: never; owner: string};

export interface WaitForLockOptions {
  /** Called once where another process holds the lock, with who it is and which file says so. */
  onWait?: ((owner: string, path: string) => void) | undefined;
  /** Milliseconds after which a lock of another machine counts as abandoned that nobody has renewed. */
  patience?: number | undefined;
  signal?: AbortSignal | undefined;
}

const POLL_MS = 250;

/** How often whoever holds a lock says that it still lives. */
const RENEW_MS = 10_000;
const PATIENCE_MS = 120_000;

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
 * Takes a lock file as `tryLock` does, as soon as no other process holds it, and renews it until it is released. One of
 * another machine that is not renewed any more is taken over.
 *
 * @returns what releases it
 * @throws RiceError PATH_NOT_WRITABLE, PATH_NOT_FOUND or DISK_FULL; the signal's reason
 */
export async function waitForLock(
  path: string,
  {onWait, patience = PATIENCE_MS, signal}: WaitForLockOptions = {},
): Promise<() => void> {
  const place = resolve(path);
  let seen = {renewed: Number.NaN, since: Date.now()};
  for (let announced = false; ; announced = true) {
    signal?.throwIfAborted();
    const {release, owner} = attemptLock(path);
    if (release) return renewing(place, release);
    if (!announced) onWait?.(owner, place);
    // Clocks of two machines differ; that a time does not change is seen without them.
    const renewed = statSync(place, {throwIfNoEntry: false})?.mtimeMs ?? Number.NaN;
    if (renewed !== seen.renewed) seen = {renewed, since: Date.now()};
    else if (Date.now() - seen.since > patience && isElsewhere(place)) removeIf(place, () => isElsewhere(place));
    // Woken early, the loop throws the signal's own reason.
    await sleep(POLL_MS, undefined, signal ? {signal} : {}).catch(() => {});
  }
}

/** Renews a lock until it is released, for those on other machines who cannot see the process. */
function renewing(place: string, release: () => void): () => void {
  const renewal = setInterval(() => utimes(place, new Date(), new Date(), () => {}), RENEW_MS);
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

/** Whether the lock is of a process on another machine. */
function isElsewhere(place: string): boolean {
  try {
    const {host} = JSON.parse(readFileSync(place, 'utf8')) as {host?: unknown};
    return typeof host === 'string' && host !== hostname();
  } catch {
    return false;
  }
}

/**
 * Only who has made the file beside it may remove an abandoned lock: else, of two processes that see it, the slower one
 * would remove the new lock of the faster one.
 */
function removeAbandoned(place: string): void {
  removeIf(place, () => inspect(place) === 'abandoned');
}

function removeIf(place: string, isAbandoned: () => boolean): void {
  const permit = `${place}.takeover`;
  try {
    closeSync(openSync(permit, 'wx'));
  } catch {
    // Another process is at it, or was killed just there.
    if ((ageOf(permit) ?? 0) > WRITING_MS) rmSync(permit, {force: true});
    return;
  }
  try {
    if (isAbandoned()) rmSync(place, {force: true});
  } finally {
    rmSync(permit, {force: true});
  }
}

function ageOf(path: string): number | undefined {
  const written = statSync(path, {throwIfNoEntry: false})?.mtimeMs;
  return written === undefined ? undefined : Date.now() - written;
}
