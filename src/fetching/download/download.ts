import {hash} from 'node:crypto';
import {mkdirSync, rmSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fromFileSystemError, RiceError} from '../../common/errors.ts';
import {waitForLock} from '../../common/files/lock-file.ts';
import {LIMITS, TRUSTED} from '../unpack/limits.ts';
import {requireSpace} from './disk-space.ts';
import type {DownloadState} from './download-state.ts';
import {isUnusablePartial, PartialFile} from './partial-file.ts';
import type {RemoteContent, RemoteFile} from './remote-file.ts';
import {Retries, RetryableError, type RetryOptions} from './retry.ts';
import {findWholeFile, type WholeFile} from './whole-file.ts';

export interface DownloadProgress {
  /** Bytes on the disk, including those of an earlier run. */
  done: number;
  /** Undefined if the server does not state it. */
  total: number | undefined;
}

export interface DownloadOptions extends Pick<RetryOptions, 'retries' | 'onNotice' | 'pause'> {
  /** Cache key: downloads with the same key are the same file. */
  key: string;
  /** See `cacheFolder`. */
  cacheDir: string;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: DownloadProgress) => void) | undefined;
  /** The largest number of bytes, also if the server does not state the length. */
  largest?: number | undefined;
}

/** A downloaded file, locked until `keep` or `remove`. */
export interface Download extends WholeFile {
  /** Keeps it in the cache for the next run. */
  keep(): void;
  /** Removes it from the cache. */
  remove(): void;
}

/**
 * Downloads a file into the cache: resumes an earlier download, retries broken connections, and verifies the length and the
 * digests that the server states. A file that is already in the cache needs no network. If another process downloads the
 * same file, this waits for it.
 *
 * @throws RiceError like the file's `open`, DOWNLOAD_FAILED after the last retry, ARCHIVE_DAMAGED, ARCHIVE_TOO_LARGE,
 *   DISK_FULL, PATH_NOT_WRITABLE; the reason of the signal, after which the next call resumes the download
 */
export async function downloadFile(file: RemoteFile, options: DownloadOptions): Promise<Download> {
  const {key, cacheDir, signal, onProgress} = options;
  const folder = join(cacheDir, 'downloads', hash('sha256', key).slice(0, 16));
  const release = await lock(folder, file, options);
  try {
    const known = await findWholeFile(folder, signal);
    if (known) onProgress?.({done: known.bytes, total: known.bytes});
    return hold(known ?? (await new Fetch(file, folder, options).run()), folder, release);
  } catch (error) {
    if (isUnusablePartial(folder)) rmSync(folder, {recursive: true, force: true});
    release();
    throw error;
  }
}

function lock(folder: string, {name}: RemoteFile, {signal, onNotice}: DownloadOptions): Promise<() => void> {
  const path = `${folder}.lock`;
  try {
    mkdirSync(dirname(path), {recursive: true});
  } catch (error) {
    throw fromFileSystemError(error, dirname(path), 'write');
  }
  const onWait = (owner: string) =>
    onNotice?.(`waiting for ${owner}, which is also downloading ${name} (if it is not, remove ${path})`);
  return waitForLock(path, {signal, onWait});
}

function hold(whole: WholeFile, folder: string, release: () => void): Download {
  let held = true;
  const end = (action: () => void) => {
    if (!held) return;
    held = false;
    try {
      action();
    } finally {
      release();
    }
  };
  return {...whole, keep: () => end(() => {}), remove: () => end(() => removeFolder(folder))};
}

function removeFolder(folder: string): void {
  try {
    rmSync(folder, {recursive: true, force: true});
  } catch (error) {
    throw fromFileSystemError(error, folder, 'write');
  }
}

/** One download into a locked folder. */
class Fetch {
  readonly #file: RemoteFile;
  readonly #folder: string;
  readonly #options: DownloadOptions;
  readonly #retries: Retries;

  constructor(file: RemoteFile, folder: string, options: DownloadOptions) {
    this.#file = file;
    this.#folder = folder;
    this.#options = options;
    const {retries, onNotice, pause, signal} = options;
    this.#retries = new Retries({name: file.name, retries, onNotice, pause, signal});
  }

  async run(): Promise<WholeFile> {
    const {onNotice, signal} = this.#options;
    const partial = await PartialFile.open(this.#folder, signal);
    try {
      for (let again = false; ; again = true) {
        await this.#receiveAll(partial);
        const fault = describeFault(partial);
        if (fault === undefined) return partial.complete();
        partial.clear();
        if (again) throw new RiceError('ARCHIVE_DAMAGED', `${this.#file.name} was damaged twice: ${fault}`);
        onNotice?.(`${fault}; downloading it again`);
      }
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      partial.close();
    }
  }

  /** Receives until the file is complete, over several connections if needed. */
  async #receiveAll(partial: PartialFile): Promise<void> {
    let furthest = partial.size;
    while (!isWhole(partial)) {
      try {
        await this.#receive(partial);
        if (partial.state?.total === undefined || isWhole(partial)) return;
        throw new RetryableError(`the connection ended after ${partial.size} of ${partial.state.total} bytes`);
      } catch (error) {
        if (!(error instanceof RetryableError)) throw error;
        // The connection broke after the last byte.
        if (isWhole(partial)) return;
        // Only progress resets the retries: a server without ranges may always break off at the same byte.
        if (partial.size > furthest && !error.slow) this.#retries.reset();
        furthest = Math.max(furthest, partial.size);
        await this.#retries.wait(error);
      }
    }
  }

  /** Receives bytes over one connection. */
  async #receive(partial: PartialFile): Promise<void> {
    const {signal, onProgress, largest = LIMITS.bytes} = this.#options;
    const connection = new AbortController();
    const stop = AbortSignal.any([connection.signal, ...(signal ? [signal] : [])]);
    try {
      const content = await this.#open(partial, stop);
      const {total} = partial.state ?? {};
      if (total !== undefined) requireSpace(this.#folder, total - partial.size, 'the download');
      if (total !== undefined && total > largest) throw tooLarge(this.#file.name, largest);
      onProgress?.({done: partial.size, total});
      for await (const bytes of content.body) {
        partial.append(bytes);
        onProgress?.({done: partial.size, total});
        if (total !== undefined && partial.size > total) return;
        if (partial.size > largest) throw tooLarge(this.#file.name, largest);
      }
    } finally {
      connection.abort();
    }
  }

  /** Requests the missing bytes, or the whole file if that is not possible, and prepares `partial` for them. */
  async #open(partial: PartialFile, signal: AbortSignal): Promise<RemoteContent> {
    const {size, state} = partial;
    if (state?.identity !== undefined && size > 0) {
      const content = await this.#file.open(size, {identity: state.identity, signal});
      if (content.offset === 0) return this.#begin(partial, content);
      const known = content.offset === size ? combine(state, content) : undefined;
      if (known) {
        partial.describe(known);
        return content;
      }
    }
    return this.#begin(partial, await this.#file.open(0, {signal}));
  }

  #begin(partial: PartialFile, content: RemoteContent): RemoteContent {
    const {identity, total, digests} = content;
    partial.clear();
    partial.describe({identity, total, digests});
    return content;
  }
}

function tooLarge(name: string, largest: number): RiceError {
  return new RiceError('ARCHIVE_TOO_LARGE', `${name} has more than ${(largest / 1e9).toLocaleString('en')} GB`, {
    suggestions: TRUSTED,
  });
}

function isWhole({size, state}: PartialFile): boolean {
  return state?.total !== undefined && size >= state.total;
}

/** Merges what two answers state about a content; undefined if they contradict each other. */
function combine(before: DownloadState, now: DownloadState): DownloadState | undefined {
  const {identity, digests} = before;
  const differ = (a: unknown, b: unknown) => a !== undefined && b !== undefined && a !== b;
  if (differ(before.total, now.total)) return undefined;
  if (differ(digests.md5, now.digests.md5) || differ(digests.sha256, now.digests.sha256)) return undefined;
  return {
    identity,
    total: before.total ?? now.total,
    digests: {md5: digests.md5 ?? now.digests.md5, sha256: digests.sha256 ?? now.digests.sha256},
  };
}

/** Why a complete file does not match what the server stated; undefined if it does. */
function describeFault(partial: PartialFile): string | undefined {
  const {total, digests: stated} = partial.state!;
  if (total !== undefined && partial.size !== total) return `the server stated ${total} bytes, but sent more`;
  const {md5, sha256} = partial.digests();
  if (stated.sha256 !== undefined && stated.sha256 !== sha256)
    return `its SHA-256 is ${sha256}, but the server stated ${stated.sha256}`;
  if (stated.md5 !== undefined && stated.md5 !== md5) return `its MD5 is ${md5}, but the server stated ${stated.md5}`;
  return undefined;
}
