import {RiceError} from '../../common/errors.ts';
import {plainAddress} from '../../common/plain-address.ts';
import {type Download, downloadFile} from '../../fetching/download/download.ts';
import {type HttpAnswer, HttpClient} from '../../fetching/download/http-client.ts';
import {HttpFile} from '../../fetching/download/http-file.ts';
import {type Headers, headerText, retryAfter} from '../../fetching/download/http-headers.ts';
import {isTemporary} from '../../fetching/download/network-error.ts';
import {Retries, RetryableError} from '../../fetching/download/retry.ts';
import type {HubSettings} from './settings.ts';

/** Seconds for the connection, for the answer to begin, and for each pause in it. */
const TIMEOUT = 30;

/** Model cards and configurations are some kilobytes. */
const MAX_TEXT_BYTES = 1_000_000;

const DEFAULT_RETRIES = 5;

export interface HubFile {
  /** The commit that a revision is at the moment. */
  commit: string;
  /** Missing for small files, which Git has. */
  sha256: string | undefined;
}

export interface HubText {
  bytes: Buffer;
  /** Its digest by Git, if the hub states it. */
  etag: string | undefined;
}

export interface HubClientOptions {
  signal: AbortSignal;
  onNote: (message: string) => void;
  /** See `RetryOptions`. */
  pause?: ((seconds: number) => Promise<void>) | undefined;
}

/** Asks the hub for files of a repository. The token is sent to the hub alone, never to the storage that it redirects to. */
export class HubClient {
  readonly #settings: HubSettings;
  readonly #repository: string;
  readonly #options: HubClientOptions;
  readonly #http = new HttpClient(TIMEOUT);
  #token: HubSettings['token'];

  constructor(settings: HubSettings, repository: string, options: HubClientOptions) {
    this.#settings = settings;
    this.#repository = repository;
    this.#options = options;
    this.#token = settings.token;
  }

  /** What people open in a browser. */
  get page(): string {
    return `${this.#settings.endpoint.replace(/\/\/[^/]*@/, '//')}/${this.#repository}`;
  }

  /**
   * What the hub says of a file, without fetching it.
   *
   * @returns undefined if there is no such repository, revision or file
   * @throws RiceError DOWNLOAD_FAILED, ACCESS_DENIED; the reason of the signal
   */
  describe(revision: string, file: string): Promise<HubFile | undefined> {
    return this.#retrying(this.#address(revision, file), DEFAULT_RETRIES, async () => {
      // One byte, so that the storage which the hub redirects to does not begin to send everything.
      const answer = await this.#get(revision, file, {range: 'bytes=0-0'});
      answer.discard();
      return isMissing(answer) ? undefined : this.#describe(answer, file);
    });
  }

  /** A small text file and its digest by Git, if the hub states it; undefined if there is no such file. */
  text(revision: string, file: string): Promise<HubText | undefined> {
    // The weights can do without it: this should not take long.
    return this.#retrying(this.#address(revision, file), 1, async () => {
      const answer = await this.#get(revision, file, {});
      if (!isMissing(answer)) return this.#readText(answer, file);
      answer.discard();
      return undefined;
    });
  }

  /** Downloads a file, or the rest of it; see `downloadFile`, whose errors speak of archives. */
  async download(
    revision: string,
    file: string,
    options: {key: string; cacheDir: string; largest: number; onProgress?: (done: number, total: number) => void},
  ): Promise<Download> {
    const {key, cacheDir, largest, onProgress} = options;
    const {signal, onNote, pause} = this.#options;
    const remote = new HttpFile(this.#address(revision, file), {headers: this.#headers(), timeout: TIMEOUT});
    return downloadFile(remote, {
      key,
      cacheDir,
      largest,
      signal,
      pause,
      onNotice: onNote,
      onProgress: ({done, total = done}) => onProgress?.(done, total),
    });
  }

  #address(revision: string, file: string): string {
    return `${this.#settings.endpoint}/${this.#repository}/resolve/${revision}/${file}`;
  }

  #headers(): Record<string, string> {
    return this.#token ? {authorization: `Bearer ${this.#token.value}`} : {};
  }

  /** @returns an answer with content, or one that says that there is none */
  async #get(revision: string, file: string, headers: Record<string, string>): Promise<HttpAnswer> {
    const {signal} = this.#options;
    const address = new URL(this.#address(revision, file));
    const answer = await this.#http.get({address, credentials: this.#headers(), headers, signal});
    const {status} = answer;
    if (status === 200 || status === 206 || isMissing(answer) || isLarge(answer)) return answer;
    answer.discard();
    if (isTemporary(status))
      throw new RetryableError(`${answer.server} answered ${status}`, {retryAfter: retryAfter(answer.headers)});
    // The weights may be public: an expired token must not hide them.
    if (status === 401 && answer.authorized) {
      this.#options.onNote(`${this.#token?.origin} was rejected; trying without it`);
      this.#token = undefined;
      return this.#get(revision, file, headers);
    }
    if (status === 403)
      throw new RiceError('ACCESS_DENIED', `${this.#repository} must not be fetched: ${answer.server} answered 403`, {
        suggestions: [`Ask for access on ${this.page}, and set HF_TOKEN to an access token.`],
      });
    throw this.#failed(file, `${answer.server} answered ${status}`);
  }

  async #retrying<T>(address: string, limit: number, action: () => Promise<T>): Promise<T> {
    const {signal, onNote, pause} = this.#options;
    const retries = new Retries({name: plainAddress(address), retries: limit, signal, onNotice: onNote, pause});
    for (;;) {
      try {
        return await action();
      } catch (error) {
        if (!(error instanceof RetryableError)) throw error;
        await retries.wait(error);
      }
    }
  }

  #describe({headers, redirects, server}: HttpAnswer, file: string): HubFile {
    const all = [...redirects, headers];
    const commit = first(all, (each) => headerText(each, 'x-repo-commit')?.trim());
    if (commit === undefined || !/^[0-9a-f]{40}$/.test(commit))
      throw this.#failed(file, `${server} does not answer as the hub does: it names no commit`);
    return {commit, sha256: first(all, sha256In)};
  }

  async #readText({status, server, headers, body, discard}: HttpAnswer, file: string): Promise<HubText> {
    if (status !== 200) {
      discard();
      throw this.#failed(file, `${server} answered ${status}`);
    }
    const chunks: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of body) {
      length += chunk.length;
      if (length > MAX_TEXT_BYTES) throw this.#failed(file, `it has more than ${MAX_TEXT_BYTES / 1e6} MB`);
      chunks.push(chunk);
    }
    const [, etag] = /^(?:W\/)?"?([0-9a-f]{40})"?$/.exec(headerText(headers, 'etag')?.trim() ?? '') ?? [];
    return {bytes: Buffer.concat(chunks), etag};
  }

  #failed(file: string, reason: string): RiceError {
    return new RiceError('DOWNLOAD_FAILED', `cannot fetch ${file} of ${this.#repository}: ${reason}`);
  }
}

/** The hub answers 401, not 404, to whoever asks without a token for a repository that does not exist. */
function isMissing(answer: HttpAnswer): boolean {
  const {status, authorized} = answer;
  return !isLarge(answer) && (status === 404 || (status === 401 && !authorized));
}

/** Whether the hub has the file and has told its digest, whatever the storage answers that it redirects to. */
function isLarge({redirects}: HttpAnswer): boolean {
  return first(redirects, sha256In) !== undefined;
}

/** The digest of a large file: of the hub itself, or as the entity tag of a mirror. */
function sha256In(headers: Headers): string | undefined {
  const tag = headerText(headers, 'x-linked-etag') ?? headerText(headers, 'etag');
  return /^"?([0-9a-f]{64})"?$/.exec(tag?.trim() ?? '')?.[1];
}

function first<T>(answers: Headers[], read: (headers: Headers) => T | undefined): T | undefined {
  return answers.map(read).find((value) => value !== undefined);
}
