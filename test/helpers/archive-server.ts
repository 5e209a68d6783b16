import {createHash} from 'node:crypto';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type {AddressInfo} from 'node:net';
import {setTimeout as sleep} from 'node:timers/promises';

export interface ReceivedRequest {
  method: string;
  /** Path and query. */
  url: string;
  headers: IncomingHttpHeaders;
}

export interface ArchiveServer {
  readonly port: number;
  /** What it was asked so far. */
  readonly requests: ReceivedRequest[];
  /** The most requests that it answered at the same time. */
  readonly peak: number;
  /** What it serves from now on. */
  archive: Uint8Array;
  /** The address of `/archive.zip` with these faults on it. */
  at(faults?: Faults, host?: string): string;
  close(): Promise<void>;
}

/** How an answer differs from a good one. They travel in the address, so that other processes can ask for them as well. */
export interface Faults {
  /** Redirects there (`nowhere`: without a location; `circle`: to itself by way of another path). */
  to?: string;
  /** With `to`: tells SHA-256 and size of the archive on the redirect, as Hugging Face does. */
  linked?: boolean;
  /** Answers this status, the first `times` times (always when left out), with `Retry-After: after`. */
  status?: number;
  times?: number;
  after?: string;
  /** Cuts the connection after so many bytes, each time. */
  cut?: number;
  /** Stops after so many bytes, the first `times` times. */
  stall?: number;
  /** Sends the archive over and over again, without a length. */
  endless?: boolean;
  /** Never answers. */
  silent?: boolean;
  /** Milliseconds between pieces of 16 KiB. */
  slow?: number;
  /** States so many bytes more than there are (fewer: negative), or nothing at all. */
  length?: number | 'none';
  /** A wrong MD5 (the first `times` times), one header for each digest, or none. */
  hash?: 'wrong' | 'several' | 'none';
  /** A weak entity tag, none, or another one with each answer. */
  tag?: 'weak' | 'none' | 'changing';
  modified?: 'none';
  /** Knows nothing of ranges; or sends them whatever `If-Range` asks for; or another one than was asked for. */
  ranges?: 'none' | 'unconditional' | 'wrong';
  /** A web page with this title, as `text/html` or as `type`. */
  page?: string;
  type?: string;
  /** Wants this `Authorization`. */
  authorization?: string;
  /** States this content encoding. */
  encoding?: string;
}

/** Answers as the servers of datasets do, well and badly: ranges, entity tags, digests, redirects, and every `Fault`. */
export async function startArchiveServer(archive: Uint8Array): Promise<ArchiveServer> {
  const requests: ReceivedRequest[] = [];
  const visits = new Map<string, number>();
  let [busy, peak] = [0, 0];
  const server = createServer((request, response) => {
    const {method = '', url = '', headers} = request;
    requests.push({method, url, headers});
    peak = Math.max(peak, ++busy);
    response.on('close', () => busy--);
    const visit = (visits.get(url) ?? 0) + 1;
    visits.set(url, visit);
    answer(request, response, served.archive, visit).catch((error) => response.destroy(error));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const {port} = server.address() as AddressInfo;
  const served: ArchiveServer = {
    port,
    requests,
    archive,
    get peak() {
      return peak;
    },
    at: (faults = {}, host = '127.0.0.1') => `http://${host}:${port}/archive.zip${toQuery(faults)}`,
    close: () => close(server),
  };
  return served;
}

function toQuery(faults: Faults): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(faults)) query.set(name, String(value));
  return query.size > 0 ? `?${query}` : '';
}

function fromQuery(query: URLSearchParams): Faults {
  const entries = [...query].map(([name, value]) => [name, /^-?\d+$/.test(value) ? Number(value) : value]);
  return Object.fromEntries(entries);
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  archive: Uint8Array,
  visit: number,
): Promise<void> {
  const {pathname, searchParams} = new URL(request.url ?? '', 'http://server');
  const faults = fromQuery(searchParams);
  const {times = Number.POSITIVE_INFINITY, status, after} = faults;
  if (pathname.startsWith('/refuses-authorization') && request.headers.authorization !== undefined) {
    response.writeHead(401).end();
    return;
  }
  if (faults.silent) return;
  if (faults.to !== undefined) return redirect(response, faults, pathname, archive);
  if (faults.authorization !== undefined && request.headers.authorization !== faults.authorization) {
    response.writeHead(401, {'www-authenticate': 'Basic realm="rice"'}).end();
    return;
  }
  if (status !== undefined && visit <= times) {
    response.writeHead(status, after === undefined ? {} : {'retry-after': String(after)}).end();
    return;
  }
  if (faults.page !== undefined) {
    response.writeHead(200, {'content-type': String(faults.type ?? 'text/html; charset=utf-8')});
    response.end(`<!DOCTYPE html>\n<html><head><title>${faults.page}</title></head><body>Rice</body></html>`);
    return;
  }
  await send(request, response, archive, faults, visit);
}

function redirect(response: ServerResponse, {to, linked}: Faults, pathname: string, archive: Uint8Array): void {
  const circle = pathname === '/circle' ? '/back?to=circle' : '/circle?to=circle';
  const location = to === 'circle' ? circle : to;
  response.writeHead(302, {
    ...(to === 'nowhere' ? {} : {location}),
    ...(linked ? {'x-linked-etag': `"${digest('sha256', archive, 'hex')}"`, 'x-linked-size': archive.length} : {}),
  });
  response.end('Found');
}

async function send(
  request: IncomingMessage,
  response: ServerResponse,
  archive: Uint8Array,
  faults: Faults,
  visit: number,
): Promise<void> {
  const tag = entityTag(archive, faults, visit);
  const range = requestedRange(request, tag, faults);
  const common = {...describe(archive, faults, visit), ...(tag === undefined ? {} : {etag: tag})};
  if (range !== undefined && range >= archive.length) {
    response.writeHead(416, {...common, 'content-range': `bytes */${archive.length}`}).end();
    return;
  }
  const start = (range ?? 0) + (range !== undefined && faults.ranges === 'wrong' ? 1 : 0);
  const body = archive.subarray(start);
  const length =
    faults.length === 'none' || faults.endless ? {} : {'content-length': body.length + Number(faults.length ?? 0)};
  const part = {'content-range': `bytes ${start}-${archive.length - 1}/${archive.length}`};
  // Node would refuse to send more or less than was stated.
  response.strictContentLength = false;
  response.writeHead(range === undefined ? 200 : 206, {...common, ...length, ...(range === undefined ? {} : part)});
  await sendBody(response, body, faults, visit);
}

function entityTag(archive: Uint8Array, {tag}: Faults, visit: number): string | undefined {
  if (tag === 'none') return undefined;
  const content = `"${digest('sha1', archive, 'hex')}"`;
  if (tag === 'weak') return `W/${content}`;
  return tag === 'changing' ? `"visit-${visit}"` : content;
}

/** The first byte that is wanted, where a part is. */
function requestedRange(
  {headers}: IncomingMessage,
  tag: string | undefined,
  {ranges, modified}: Faults,
): number | undefined {
  const [, start] = /^bytes=(\d+)-$/.exec(headers.range ?? '') ?? [];
  if (start === undefined || ranges === 'none') return undefined;
  const condition = headers['if-range'];
  const holds = condition === tag || (modified === undefined && condition === MODIFIED);
  return condition === undefined || holds || ranges === 'unconditional' ? Number(start) : undefined;
}

const MODIFIED = 'Mon, 02 Jun 2025 10:00:00 GMT';

function describe(
  archive: Uint8Array,
  {hash, modified, ranges, encoding, times = Number.POSITIVE_INFINITY}: Faults,
  visit: number,
): Record<string, string | string[]> {
  const wrong = hash === 'wrong' && visit <= times;
  const md5 = wrong ? '1B2M2Y8AsgTpgAmY7PhCfg==' : digest('md5', archive, 'base64');
  const hashes = ['crc32c=AAAAAA==', `md5=${md5}`];
  return {
    'content-type': 'application/zip',
    ...(ranges === 'none' ? {} : {'accept-ranges': 'bytes'}),
    ...(hash === 'none' ? {} : {'x-goog-hash': hash === 'several' ? hashes : hashes.join(',')}),
    ...(modified === 'none' ? {} : {'last-modified': MODIFIED}),
    ...(encoding === undefined ? {} : {'content-encoding': encoding}),
  };
}

async function sendBody(
  response: ServerResponse,
  body: Uint8Array,
  {cut, stall, slow, endless, times = Number.POSITIVE_INFINITY}: Faults,
  visit: number,
): Promise<void> {
  while (endless && !response.destroyed) {
    response.write(body);
    await sleep(1);
  }
  if (cut !== undefined && cut < body.length) {
    response.write(body.subarray(0, cut), () => response.destroy());
    return;
  }
  if (stall !== undefined && visit <= times) {
    response.write(body.subarray(0, stall));
    return;
  }
  if (slow !== undefined) {
    for (let start = 0; start < body.length && !response.destroyed; start += 16_384) {
      response.write(body.subarray(start, start + 16_384));
      await sleep(slow);
    }
    response.end();
    return;
  }
  // What is missing of a stated length never comes: the connection ends well before.
  response.end(body, () => response.socket?.end());
}

function digest(algorithm: string, bytes: Uint8Array, encoding: 'hex' | 'base64'): string {
  return createHash(algorithm).update(bytes).digest(encoding);
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
