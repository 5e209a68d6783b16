import type {Dispatcher} from 'undici';
import {RiceError} from '../../common/errors.ts';
import {mayRedirect, RefusedZone, type Zone, zoneOf, zonesOfHost} from '../../common/network-zone.ts';
import {packageVersion} from '../../common/package-root.ts';
import {plainAddress} from '../../common/plain-address.ts';
import {type Credentials, credentialsFor, mayReceive, withoutCredentials} from './credentials.ts';
import {type Headers, headerText} from './http-headers.ts';
import {fromNetworkError} from './network-error.ts';
import {openConnector} from './proxies.ts';
import {followRedirect} from './redirect.ts';
import {RetryableError} from './retry.ts';

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

export interface HttpClientOptions {
  keepAlive?: boolean;
  toZone?: (address: string) => Zone;
}

/** Fetches over http and https, with redirects and proxies. */
export class HttpClient {
  readonly #timeout: number;
  readonly #keepAlive: boolean;
  readonly #toZone: (address: string) => Zone;
  #connector: Promise<Dispatcher> | undefined;

  /**
   * @param timeout seconds for the connection, for the answer to begin, and for each pause in it
   * @param keepAlive see `openConnector`
   * @param toZone the zone of an IP address; the real one if omitted
   */
  constructor(timeout: number, {keepAlive = false, toZone = zoneOf}: HttpClientOptions = {}) {
    this.#timeout = timeout;
    this.#keepAlive = keepAlive;
    this.#toZone = toZone;
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
      await this.#checkZone(request.address, next, refuse);
      if (next.username !== '' || next.password !== '') credentials = credentialsFor(next);
      address = withoutCredentials(next);
      if (visited.has(address.href)) throw refuse('its redirects form a loop');
      if (redirects.length > MAX_REDIRECTS) throw refuse(`it redirects more than ${MAX_REDIRECTS} times`);
    }
  }

  /**
   * Another machine must not lead into this one, or to what is on its link. Private networks are allowed: clouds give their
   * own storage such addresses. A host without an address is left to the proxy.
   */
  async #checkZone(from: URL, to: URL, refuse: (reason: string) => RiceError): Promise<void> {
    const [origins, targets] = await Promise.all([
      zonesOfHost(from.hostname, this.#toZone),
      zonesOfHost(to.hostname, this.#toZone),
    ]);
    const inner = targets.filter((target) => target !== 'private');
    const zone = inner.find((target) => origins.some((origin) => !mayRedirect(origin, target)));
    if (zone !== undefined) throw refuse(new RefusedZone(to.host, zone).message);
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
      body: readBody(body, translate, {seconds: this.#timeout, server: address.host}),
      discard: () => discard(body),
    };
  }

  #translate(error: unknown, address: URL, {address: asked, signal}: HttpRequest): unknown {
    if (signal.aborted) return signal.reason;
    return fromNetworkError(error, {name: plainAddress(asked), server: address.host, timeout: this.#timeout});
  }
}

/** Bytes a second, below which a server is as good as silent. */
const SLOWEST = 1000;

async function* readBody(
  body: AsyncIterable<Uint8Array>,
  translate: (error: unknown) => unknown,
  {seconds, server}: {seconds: number; server: string},
): AsyncIterable<Uint8Array> {
  let since = performance.now();
  let bytes = 0;
  try {
    for await (const chunk of body) {
      yield chunk;
      bytes += chunk.length;
      const elapsed = (performance.now() - since) / 1000;
      if (elapsed < seconds) continue;
      if (bytes < elapsed * SLOWEST)
        throw new RetryableError(`${server} sent less than ${SLOWEST / 1000} kB a second for ${seconds} s`, {
          slow: true,
        });
      since = performance.now();
      bytes = 0;
    }
  } catch (error) {
    throw translate(error);
  }
}

function discard(body: Dispatcher.ResponseData['body']): void {
  body.on('error', () => {}).destroy();
}
