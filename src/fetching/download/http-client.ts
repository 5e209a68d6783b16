import type {Dispatcher} from 'undici';
import {RiceError} from '../../common/errors.ts';
import {packageVersion} from '../../common/package-root.ts';
import {type Credentials, credentialsFor, mayReceive, withoutCredentials} from './credentials.ts';
import {type Headers, headerText} from './http-headers.ts';
import {fromNetworkError} from './network-error.ts';
import {plainAddress} from './plain-address.ts';
import {openConnector} from './proxies.ts';
import {followRedirect} from './redirect.ts';

export interface HttpRequest {
  /** http or https; a user and password in it are sent only to its own server. */
  address: URL;
  /** Headers only for the server of the address, such as `authorization`. */
  credentials?: Record<string, string> | undefined;
  /** Headers for every server, also after redirects. */
  headers?: Record<string, string>;
  /** Also ends the body. */
  signal: AbortSignal;
}

export interface HttpAnswer {
  status: number;
  headers: Headers;
  /** The headers of the redirects, the last one first. */
  redirects: Headers[];
  /** The server that answered. */
  server: string;
  /** Whether credentials were sent to that server. */
  authorized: boolean;
  /** The bytes as stored, never decompressed. Throws `RetryableError` if the connection breaks. */
  body: AsyncIterable<Uint8Array>;
  /** Closes the connection without reading the body. */
  discard(): void;
}

interface Exchange {
  address: URL;
  credentials: Credentials;
  redirects: Headers[];
  request: HttpRequest;
}

const REDIRECTS = [301, 302, 303, 307, 308];
const MAX_REDIRECTS = 10;

/** Fetches over http and https, with redirects and proxies. */
export class HttpClient {
  readonly #timeout: number;
  readonly #keepAlive: boolean;
  #connector: Promise<Dispatcher> | undefined;

  /**
   * @param timeout seconds for the connection, for the answer to begin, and for each pause in it
   * @param keepAlive see `openConnector`
   */
  constructor(timeout: number, {keepAlive = false}: {keepAlive?: boolean} = {}) {
    this.#timeout = timeout;
    this.#keepAlive = keepAlive;
  }

  /**
   * @returns the answer of the last server, whatever its status
   * @throws RetryableError if there is no answer; RiceError DOWNLOAD_FAILED if a retry is pointless, ACCESS_DENIED of a
   *   proxy, CONFIG_INVALID; the reason of the signal
   */
  async get(request: HttpRequest): Promise<HttpAnswer> {
    const name = plainAddress(request.address);
    const refuse = (reason: string) => new RiceError('DOWNLOAD_FAILED', `cannot fetch ${name}: ${reason}`);
    const visited = new Set<string>();
    const redirects: Headers[] = [];
    let credentials = credentialsFor(request.address, request.credentials);
    let address = withoutCredentials(request.address);
    for (;;) {
      visited.add(address.href);
      const answer = await this.#request(address, credentials, request);
      if (!REDIRECTS.includes(answer.statusCode))
        return this.#complete(answer, {address, credentials, redirects, request});
      discard(answer.body);
      redirects.unshift(answer.headers);
      const next = followRedirect(address, headerText(answer.headers, 'location'), name);
      if (next.username !== '' || next.password !== '') credentials = credentialsFor(next);
      address = withoutCredentials(next);
      if (visited.has(address.href)) throw refuse('its redirects form a loop');
      if (redirects.length > MAX_REDIRECTS) throw refuse(`it redirects more than ${MAX_REDIRECTS} times`);
    }
  }

  async #request(address: URL, credentials: Credentials, request: HttpRequest): Promise<Dispatcher.ResponseData> {
    const {signal} = request;
    signal.throwIfAborted();
    this.#connector ??= openConnector(this.#timeout, process.env, this.#keepAlive);
    const dispatcher = await this.#connector;
    const milliseconds = this.#timeout * 1000;
    try {
      return await dispatcher.request({
        origin: address.origin,
        path: address.pathname + address.search,
        method: 'GET',
        headers: {
          'user-agent': `rice-grain/${packageVersion()}`,
          accept: '*/*',
          // Ranges and digests refer to the bytes as stored.
          'accept-encoding': 'identity',
          ...request.headers,
          ...(mayReceive(address, credentials) ? credentials.headers : {}),
        },
        signal,
        headersTimeout: milliseconds,
        bodyTimeout: milliseconds,
      });
    } catch (error) {
      throw this.#translate(error, address, request);
    }
  }

  #complete(
    {statusCode, headers, body}: Dispatcher.ResponseData,
    {address, credentials, redirects, request}: Exchange,
  ): HttpAnswer {
    const translate = (error: unknown) => this.#translate(error, address, request);
    return {
      status: statusCode,
      headers,
      redirects,
      server: address.host,
      authorized: mayReceive(address, credentials) && Object.keys(credentials.headers).length > 0,
      body: readBody(body, translate),
      discard: () => discard(body),
    };
  }

  #translate(error: unknown, address: URL, {address: asked, signal}: HttpRequest): unknown {
    if (signal.aborted) return signal.reason;
    return fromNetworkError(error, {name: plainAddress(asked), server: address.host, timeout: this.#timeout});
  }
}

async function* readBody(
  body: AsyncIterable<Uint8Array>,
  translate: (error: unknown) => unknown,
): AsyncIterable<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw translate(error);
  }
}

function discard(body: Dispatcher.ResponseData['body']): void {
  body.on('error', () => {}).destroy();
}
