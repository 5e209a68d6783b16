import {hash} from 'node:crypto';
import {mkdirSync, rmSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fromFileSystemError, RiceError} from '../../common/errors.ts';
import {waitForLock} from '../../common/files/lock-file.ts';
import {requireSpace} from './disk-space.ts';
import type {DownloadState} from './download-state.ts';
import {isWorthlessPartial, PartialFile} from './partial-file.ts';
import type {RemoteContent, RemoteFile} from './remote-file.ts';
import {Retries, RetryableError, type RetryOptions} from './retry.ts';
import {findWholeFile, type WholeFile} from './whole-file.ts';

/** More than any archive of pictures that could be unpacked. */
const LARGEST = 32e9;

export interface DownloadProgress {
  /** Bytes on the disk, those of an earlier run included. */
  done: number;
  /** Undefined where the server does not tell. */
  total: number | undefined;
}

export interface DownloadOptions extends Pick<RetryOptions, 'retries' | 'onNotice' | 'pause'> {
  /** What the download is known by: two of one key are the same file. */
  key: string;
  /** See `cacheFolder`. */
  cacheDir: string;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: DownloadProgress) => void) | undefined;
  /** Bytes; more is refused, also where the server does not tell how many there are. */
  largest?: number | undefined;
}

/** A downloaded file. Until `keep` or `remove` no other process uses it. */
export interface Download extends WholeFile {
  /** Leaves it in the cache for the next time. */
  keep(): void;
  /** Removes it from the cache. */
  remove(): void;
}

/**
 * Downloads a file into the cache: goes on where an earlier run stopped, tries again where the connection breaks, and
 * holds the whole against the length and the digests that the server states. One that is in the cache already comes from
 * there, without the network. Where another process downloads the same, it is waited for.
 *
 * @throws RiceError as the file's `open` does, DOWNLOAD_FAILED after the last try, ARCHIVE_DAMAGED, ARCHIVE_TOO_LARGE, DISK_FULL,
 *   PATH_NOT_WRITABLE; the signal's reason, and then the next call goes on where this one stopped
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
    if (isWorthlessPartial(folder)) rmSync(folder, {recursive: true, force: true});
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
    onNotice?.(`waiting for ${owner}, which is downloading ${name} as well (if it is not, remove ${path})`);
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

/** One download into a folder that is locked. */
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
      for (let anew = false; ; anew = true) {
        await this.#receiveAll(partial);
        const fault = describeFault(partial);
        if (fault === undefined) return partial.complete();
        partial.clear();
        if (anew) throw new RiceError('ARCHIVE_DAMAGED', `${this.#file.name} came damaged twice: ${fault}`);
        onNotice?.(`${fault}; downloading it anew`);
      }
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      partial.close();
    }
  }

  /** Until the server says that it was all. */
  async #receiveAll(partial: PartialFile): Promise<void> {
    let furthest = partial.size;
    while (!isWhole(partial)) {
      try {
        await this.#receive(partial);
        if (partial.state?.total === undefined || isWhole(partial)) return;
        throw new RetryableError(`the connection ended after ${partial.size} of ${partial.state.total} bytes`);
      } catch (error) {
        if (!(error instanceof RetryableError)) throw error;
        // A connection that breaks after the last byte.
        if (isWhole(partial)) return;
        // A server that always breaks off at the same place, and cannot go on there, achieves nothing.
        if (partial.size > furthest) this.#retries.reset();
        furthest = Math.max(furthest, partial.size);
        await this.#retries.wait(error);
      }
    }
  }

  /** What comes over one connection. */
  async #receive(partial: PartialFile): Promise<void> {
    const {signal, onProgress, largest = LARGEST} = this.#options;
    const connection = new AbortController();
    const ends = AbortSignal.any([connection.signal, ...(signal ? [signal] : [])]);
    try {
      const content = await this.#open(partial, ends);
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

  /** Asks for what is missing, or for all where that cannot be had; `partial` is prepared for what comes. */
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
  return new RiceError('ARCHIVE_TOO_LARGE', `${name} has more than ${(largest / 1e9).toLocaleString('en')} GB`);
}

function isWhole({size, state}: PartialFile): boolean {
  return state?.total !== undefined && size >= state.total;
}

/** What is known of a content after another answer about it; undefined where the two contradict each other. */
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

/** What tells that a whole file is not the one that the server described. */
function describeFault(partial: PartialFile): string | undefined {
  const {total, digests: stated} = partial.state!;
  if (total !== undefined && partial.size !== total) return `the server says that it has ${total} bytes, and sent more`;
  const {md5, sha256} = partial.digests();
  if (stated.sha256 !== undefined && stated.sha256 !== sha256)
    return `its SHA-256 is ${sha256}, not ${stated.sha256} as the server says`;
  if (stated.md5 !== undefined && stated.md5 !== md5) return `its MD5 is ${md5}, not ${stated.md5} as the server says`;
  return undefined;
}
