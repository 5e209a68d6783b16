import {hash} from 'node:crypto';
import {mkdirSync, readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fromFileSystemError, RiceError} from '../../common/errors.ts';
import {cacheFolder} from '../../common/files/cache-folder.ts';
import {waitForLock} from '../../common/files/lock-file.ts';
import {findCached} from './find-cached.ts';
import {HubCache} from './hub-cache.ts';
import {HubClient, type HubFile, type HubText} from './hub-client.ts';
import type {HubSettings} from './settings.ts';

const FILE = 'model.safetensors';
const MAIN = 'main';

/** The file as the hub has it, or as it lies in the cache. */
export interface HubWeights {
  bytes: Buffer;
  sha256: string;
  revision: string;
}

export interface HubWeightsOptions {
  /** The only content that is accepted; without it, what the hub states. */
  expected?: {revision: string; sha256: string} | undefined;
  /** The largest number of bytes. */
  largest: number;
  signal: AbortSignal;
  onProgress?: ((done: number, total: number) => void) | undefined;
  onNote: (message: string) => void;
  pause?: ((seconds: number) => Promise<void>) | undefined;
}

/** The weights of a repository of the hub. */
export class HubRepository {
  readonly #name: string;
  readonly #settings: HubSettings;
  readonly #options: HubWeightsOptions;
  readonly #cache: HubCache;
  readonly #client: HubClient;

  /** @param name `timm/resnet50.a1_in1k` */
  constructor(name: string, settings: HubSettings, options: HubWeightsOptions) {
    this.#name = name;
    this.#settings = settings;
    this.#options = options;
    this.#cache = new HubCache(settings, name);
    this.#client = new HubClient(settings, name, options);
  }

  /** What people open in a browser. */
  get page(): string {
    return this.#client.page;
  }

  /** What to do where the hub cannot be reached. */
  get elsewhere(): string {
    return `Or download ${this.page}/resolve/${MAIN}/${FILE} elsewhere, and name the file.`;
  }

  /**
   * The weights, from the cache if they are there as they should be, else from the hub. Their SHA-256 is proved either way.
   *
   * @param before called once before anything large is fetched
   * @throws RiceError WEIGHTS_NOT_FOUND, WEIGHTS_INVALID, DOWNLOAD_FAILED, ACCESS_DENIED, DISK_FULL, PATH_...; the reason of the
   *   signal
   */
  async weights(before: (revision: string) => Promise<void>): Promise<HubWeights> {
    const cached = findCached(this.#cache, FILE, this.#options.expected);
    if (cached?.proved) {
      await before(cached.revision);
      return cached;
    }
    if (this.#settings.offline) throw this.#missing(cached !== undefined);
    const wanted = await this.#describe();
    if (cached?.sha256 === wanted.sha256) {
      await before(cached.revision);
      return cached;
    }
    if (cached)
      this.#options.onNote(
        `${this.#cache.pathOf(cached.revision, FILE)} is not what the hub has; downloading it again`,
      );
    await before(wanted.commit);
    return this.#fetch(wanted);
  }

  /** A small text file, from the cache or the hub; undefined if neither has it, or the hub cannot be reached. */
  async text(revision: string, file: string): Promise<string | undefined> {
    const cached = this.#cache.read(revision, file);
    if (cached) return cached.toString();
    if (this.#settings.offline) return undefined;
    try {
      const found = await this.#client.text(revision, file);
      if (found) this.#keepText(revision, file, found);
      return found?.bytes.toString();
    } catch (error) {
      if (error instanceof RiceError && error.code === 'DOWNLOAD_FAILED') return undefined;
      throw error;
    }
  }

  #keepText(revision: string, file: string, text: HubText): void {
    try {
      this.#cache.addText(revision, file, text);
    } catch {
      // A cache that may only be read can still have the weights.
    }
  }

  /** The content to fetch: that of main, or of the known revision if main has moved on. */
  async #describe(): Promise<HubFile & {sha256: string; revision: string}> {
    const {expected} = this.#options;
    const found = await this.#client.describe(MAIN, FILE);
    if (!found) throw new RiceError('WEIGHTS_NOT_FOUND', `${this.page} does not exist, is private, or has no ${FILE}`);
    if (!expected && found.sha256 === undefined)
      throw new RiceError(
        'WEIGHTS_INVALID',
        `the content of ${this.#name} could not be checked: ${this.page} states no SHA-256`,
      );
    const sha256 = expected?.sha256 ?? found.sha256!;
    if ((found.sha256 ?? sha256) === sha256) return {...found, sha256, revision: MAIN};
    const {revision} = expected!;
    const known = await this.#client.describe(revision, FILE);
    if (known && (known.sha256 ?? sha256) === sha256) return {...known, sha256, revision};
    throw new RiceError(
      'WEIGHTS_INVALID',
      `${this.page} has other weights than those known by that name: SHA-256 ${found.sha256} instead of ${sha256}`,
      {suggestions: ['Name a file that you trust instead of the tag.']},
    );
  }

  async #fetch({commit, sha256, revision}: HubFile & {sha256: string; revision: string}): Promise<HubWeights> {
    const release = await this.#lock(sha256);
    try {
      // Another process may have fetched it while this one waited.
      const bytes = this.#readProved(commit, sha256) ?? (await this.#download(commit, sha256));
      if (revision === MAIN) this.#cache.setMain(commit);
      return {bytes, sha256, revision: commit};
    } finally {
      release();
    }
  }

  #readProved(commit: string, sha256: string): Buffer | undefined {
    const bytes = this.#cache.read(commit, FILE);
    return bytes && hash('sha256', bytes) === sha256 ? bytes : undefined;
  }

  async #download(commit: string, sha256: string): Promise<Buffer> {
    const {largest, onProgress} = this.#options;
    this.#cache.checkWritable();
    const progress = onProgress ? {onProgress} : {};
    const download = await this.#client
      .download(commit, FILE, {key: sha256, cacheDir: cacheFolder(), largest, ...progress})
      .catch((error) => {
        throw speakOfWeights(error);
      });
    const {path, digests} = download;
    if (digests.sha256 !== sha256) {
      download.remove();
      throw new RiceError(
        'WEIGHTS_INVALID',
        `${FILE} of ${this.#name} is not what it should be: SHA-256 ${digests.sha256} instead of ${sha256}`,
      );
    }
    const bytes = readFileSync(path);
    try {
      this.#cache.addFile(commit, FILE, {path, sha256});
    } catch (error) {
      // It need not be downloaded again once there is room.
      download.keep();
      throw error;
    }
    download.remove();
    return bytes;
  }

  /** Others that fetch the same content wait. */
  async #lock(sha256: string): Promise<() => void> {
    const {signal, onNote} = this.#options;
    const path = join(cacheFolder(), 'downloads', `${hash('sha256', `weights ${sha256}`).slice(0, 16)}.lock`);
    try {
      mkdirSync(dirname(path), {recursive: true});
    } catch (error) {
      throw fromFileSystemError(error, dirname(path), 'write');
    }
    const onWait = (owner: string) =>
      onNote(`waiting for ${owner}, which is also downloading ${this.#name} (if it is not, remove ${path})`);
    return waitForLock(path, {signal, onWait});
  }

  #missing(unproved: boolean): RiceError {
    const {cache} = this.#settings;
    const reason = unproved
      ? `in the cache ${cache} is damaged, or nothing there tells its SHA-256`
      : `is not in the cache ${cache}`;
    return new RiceError(
      unproved ? 'WEIGHTS_INVALID' : 'WEIGHTS_NOT_FOUND',
      `${this.#name} ${reason}, and HF_HUB_OFFLINE forbids to download it`,
      {
        suggestions: [
          'Run once without HF_HUB_OFFLINE, or copy that folder from a machine that has the weights.',
          this.elsewhere,
        ],
      },
    );
  }
}

/** The errors of downloads speak of archives of datasets, and so do their suggestions. */
function speakOfWeights(error: unknown): unknown {
  if (!(error instanceof RiceError) || !error.code.startsWith('ARCHIVE_')) return error;
  const code = error.code === 'ARCHIVE_UNSUPPORTED' ? 'DOWNLOAD_FAILED' : 'WEIGHTS_INVALID';
  return new RiceError(code, error.message, {cause: error});
}
