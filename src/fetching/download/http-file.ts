import {defined} from '../../common/defined.ts';
import {RiceError} from '../../common/errors.ts';
import {plainAddress} from '../../common/plain-address.ts';
import {type HttpAnswer, HttpClient} from './http-client.ts';
import {byteCount, contentRange, headerText, retryAfter} from './http-headers.ts';
import {conditionFor, identityOf, statedDigests} from './http-identity.ts';
import {fromProxyStatus, isTemporary} from './network-error.ts';
import {peek} from './peek.ts';
import type {OpenOptions, RemoteContent, RemoteFile} from './remote-file.ts';
import {RetryableError} from './retry.ts';
import {looksLikeWebPage, PAGE_BYTES, pageTitle} from './web-page.ts';

export interface HttpFileOptions {
  /** Headers only for the server of the address, such as `authorization`. */
  headers?: Record<string, string> | undefined;
  /** Seconds for the connection, for the answer to begin, and for each pause in it; 30 by default. */
  timeout?: number | undefined;
}

/** Enough bytes to tell a web page from an archive. */
const HEAD_BYTES = 512;

/** A file at an http or https URL. A user and password in the URL are sent only to its server. */
export class HttpFile implements RemoteFile {
  readonly name: string;
  readonly #address: URL;
  readonly #credentials: Record<string, string> | undefined;
  readonly #client: HttpClient;

  /** @throws RiceError DOWNLOAD_FAILED if the address is not an http or https URL */
  constructor(address: string, {headers, timeout = 30}: HttpFileOptions = {}) {
    this.#address = parseAddress(address);
    this.#credentials = headers;
    this.#client = new HttpClient(timeout);
    this.name = plainAddress(this.#address);
  }

  /**
   * @throws RiceError DOWNLOAD_FAILED, ACCESS_DENIED, or ARCHIVE_UNSUPPORTED for a web page; `RetryableError`; the reason
   *   of the signal
   */
  async open(offset: number, {identity, signal}: OpenOptions): Promise<RemoteContent> {
    const rest = offset > 0 && identity !== undefined ? await this.#openRest(offset, identity, signal) : undefined;
    return rest ?? this.#whole(await this.#get({}, signal));
  }

  /** Undefined if the answer is inconsistent, or does not match the bytes so far. */
  async #openRest(offset: number, identity: string, signal: AbortSignal): Promise<RemoteContent | undefined> {
    const condition = conditionFor(identity);
    const headers = {range: `bytes=${offset}-`, ...defined({'if-range': condition})};
    const answer = await this.#get(headers, signal);
    if (answer.status !== 206 && answer.status !== 416) return this.#whole(answer);
    const range = contentRange(answer.headers);
    const now = identityOf(answer.headers, range?.total);
    // An answer to a conditional request need not repeat the validator.
    const same = now === undefined ? condition !== undefined : now === identity;
    const fits = answer.status === 206 ? range?.start === offset : range?.total === offset;
    if (same && fits && isIdentity(answer)) return this.#content(answer, {offset, total: range?.total, identity});
    answer.discard();
    return undefined;
  }

  async #whole(answer: HttpAnswer): Promise<RemoteContent> {
    try {
      if (answer.status !== 200) throw this.#refusal(answer);
      if (!isIdentity(answer))
        throw this.#fail(`${answer.server} sent it compressed, although uncompressed was requested`);
      const {head, body} = await peek(answer.body, HEAD_BYTES);
      const isPage = /^text\/html\b/i.test(headerText(answer.headers, 'content-type') ?? '') || looksLikeWebPage(head);
      if (isPage) throw this.#webPage((await peek(body, PAGE_BYTES)).head);
      const total =
        byteCount(answer.headers, 'content-length') ?? byteCount(answer.redirects[0] ?? {}, 'x-linked-size');
      const identity = identityOf(answer.headers, total);
      return this.#content({...answer, body}, {offset: 0, total, identity});
    } catch (error) {
      answer.discard();
      throw error;
    }
  }

  #content(
    {status, headers, redirects, body, discard}: HttpAnswer,
    where: Pick<RemoteContent, 'offset' | 'total' | 'identity'>,
  ): RemoteContent {
    const digests = statedDigests([headers, ...redirects]);
    if (status !== 416) return {...where, digests, body};
    discard();
    return {...where, digests, body: nothing()};
  }

  #get(headers: Record<string, string>, signal: AbortSignal): Promise<HttpAnswer> {
    return this.#client.get({address: this.#address, credentials: this.#credentials, headers, signal});
  }

  #refusal({status, headers, server, authorized}: HttpAnswer): RiceError | RetryableError {
    if (status === 407) return fromProxyStatus(status, {name: this.name});
    if (isTemporary(status))
      return new RetryableError(`${server} answered ${status}`, {retryAfter: retryAfter(headers)});
    if (status !== 401 && status !== 403) return this.#fail(`${server} answered ${describeStatus(status)}`);
    const sent = authorized ? 'rejected the credentials' : 'requires credentials, but none were sent';
    return new RiceError('ACCESS_DENIED', `cannot fetch ${this.name}: ${server} ${sent} (${status})`);
  }

  #fail(reason: string): RiceError {
    return new RiceError('DOWNLOAD_FAILED', `cannot fetch ${this.name}: ${reason}`);
  }

  #webPage(page: Uint8Array): RiceError {
    const title = pageTitle(page);
    const named = title === undefined ? '' : ` ("${title}")`;
    return new RiceError(
      'ARCHIVE_UNSUPPORTED',
      `cannot fetch ${this.name}: the server sent a web page${named} instead of an archive`,
      {suggestions: ['Open the URL in a browser: you may have to log in, or to accept terms first.']},
    );
  }
}

function parseAddress(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  const plain = address.replace(/\/\/[^/]*@/, '//').replace(/[?#].*$/s, '');
  throw new RiceError('DOWNLOAD_FAILED', `cannot fetch ${plain}: it is not an http or https URL`);
}

function isIdentity({headers}: HttpAnswer): boolean {
  return /^(identity)?$/i.test(headerText(headers, 'content-encoding')?.trim() ?? '');
}

function describeStatus(status: number): string {
  if (status === 404) return '404: the file does not exist';
  if (status === 410) return '410: the file is gone';
  return String(status);
}

async function* nothing(): AsyncIterable<Uint8Array> {}
