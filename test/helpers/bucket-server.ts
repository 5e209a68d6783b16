import {createHash} from 'node:crypto';
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {gunzipSync} from 'node:zlib';

/** What an object is, and how the server treats who asks for its content. */
export interface StoredObject {
  content: Uint8Array;
  generation?: string;
  /** Left out for composed objects, or a wrong one. */
  md5Hash?: string | undefined;
  crc32c?: string;
  contentEncoding?: string;
}

/** What happens to one request in place of an answer. */
export type Fault =
  | {status: number; headers?: Record<string, string>; message?: string}
  | 'cut'
  | 'stall'
  | 'whole'
  | 'silence';

export interface BucketServer {
  /** Its address, without a path. */
  host: string;
  objects: Map<string, StoredObject>;
  /** The next requests that match get these faults, one each. */
  fail(path: RegExp, ...faults: Fault[]): void;
  /** Method, path and query of all requests. */
  requests: string[];
  /** Contents that are on their way, and the most that were at once. */
  atOnce: number;
  mostAtOnce: number;
  close(): Promise<void>;
}

export interface BucketServerOptions {
  bucket?: string;
  /** Where the JSON API begins; real ones have it at `/storage/v1`, the client library expects emulators' at the root. */
  root?: string;
  /** Objects a page. */
  pageSize?: number;
}

/** Speaks as much of Google Cloud Storage's JSON API as reading takes. */
export async function startBucketServer({
  bucket = 'rice-data',
  root = '',
  pageSize = 1000,
}: BucketServerOptions = {}): Promise<BucketServer> {
  const faults: {path: RegExp; fault: Fault}[] = [];
  const state: BucketServer = {
    host: '',
    objects: new Map(),
    requests: [],
    atOnce: 0,
    mostAtOnce: 0,
    fail: (path, ...list) => void faults.push(...list.map((fault) => ({path, fault}))),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  const server = createServer((request, response) => {
    const {pathname, searchParams} = new URL(request.url ?? '', 'http://server');
    state.requests.push(`${request.method} ${request.url}`);
    const index = faults.findIndex(({path}) => path.test(request.url ?? ''));
    const fault = index < 0 ? undefined : faults.splice(index, 1)[0].fault;
    if (fault === 'silence') return;
    if (typeof fault === 'object') {
      sendError(response, fault.status, fault.message ?? 'as told', fault.headers);
      return;
    }
    const [, name, object] = pathname.startsWith(root)
      ? (/^\/b\/([^/]+)\/o(?:\/([^/]+))?$/.exec(pathname.slice(root.length)) ?? [])
      : [];
    if (name === undefined) response.writeHead(404).end('404 page not found');
    else if (name !== bucket) sendError(response, 404, 'The specified bucket does not exist.');
    else if (object === undefined) sendJson(response, 200, listObjects(state.objects, searchParams, pageSize));
    else {
      const wanted = decodeURIComponent(object);
      const stored = state.objects.get(wanted);
      const generation = searchParams.get('generation');
      if (!stored || (generation !== null && generation !== (stored.generation ?? '1')))
        sendError(response, 404, `No such object: ${bucket}/${wanted}`);
      else if (searchParams.get('alt') !== 'media') sendJson(response, 200, describeObject(wanted, stored));
      else {
        state.mostAtOnce = Math.max(state.mostAtOnce, ++state.atOnce);
        response.once('close', () => state.atOnce--);
        // As over a network, so that several are on their way at once.
        setTimeout(() => sendContent(request, response, stored, fault), 3);
      }
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  state.host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return state;
}

function describeObject(name: string, {content, generation = '1', contentEncoding, crc32c, ...object}: StoredObject) {
  const md5Hash = 'md5Hash' in object ? object.md5Hash : createHash('md5').update(content).digest('base64');
  return {kind: 'storage#object', name, size: String(content.length), generation, md5Hash, crc32c, contentEncoding};
}

function listObjects(objects: BucketServer['objects'], query: URLSearchParams, pageSize: number) {
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter');
  const below = [...objects.keys()].sort().filter((name) => name.startsWith(prefix));
  const deeper = (name: string) => (delimiter ? name.indexOf(delimiter, prefix.length) : -1);
  const prefixes = [
    ...new Set(below.filter((name) => deeper(name) >= 0).map((name) => name.slice(0, deeper(name) + 1))),
  ];
  const names = below.filter((name) => deeper(name) < 0);
  const start = Number(query.get('pageToken') ?? 0);
  const page = names.slice(start, start + pageSize);
  return {
    kind: 'storage#objects',
    // The real one leaves out what is empty.
    ...(page.length > 0 ? {items: page.map((name) => describeObject(name, objects.get(name)!))} : {}),
    ...(prefixes.length > 0 ? {prefixes} : {}),
    ...(start + pageSize < names.length ? {nextPageToken: String(start + pageSize)} : {}),
  };
}

function sendContent(
  request: IncomingMessage,
  response: ServerResponse,
  {content, contentEncoding, generation = '1'}: StoredObject,
  fault?: Fault,
): void {
  if (contentEncoding === 'gzip' && !request.headers['accept-encoding']?.includes('gzip')) {
    // As the real one does for who cannot unpack it.
    response.writeHead(200, {'x-guploader-response-body-transformations': 'gunzipped'}).end(gunzipSync(content));
    return;
  }
  const start = fault === 'whole' ? undefined : /^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1];
  const body = content.subarray(Number(start ?? 0));
  if (start !== undefined && body.length === 0) {
    response.writeHead(416).end();
    return;
  }
  response.writeHead(start === undefined ? 200 : 206, {
    'content-length': body.length,
    'x-goog-generation': generation,
    'x-goog-stored-content-encoding': contentEncoding ?? 'identity',
    ...(contentEncoding ? {'content-encoding': contentEncoding} : {}),
    ...(start === undefined ? {} : {'content-range': `bytes ${start}-${content.length - 1}/${content.length}`}),
  });
  const half = body.subarray(0, body.length / 2);
  if (fault === 'cut') response.write(half, () => setTimeout(() => response.destroy(), 5));
  else if (fault === 'stall') response.write(half);
  else response.end(body);
}

function sendError(
  response: ServerResponse,
  code: number,
  message: string,
  headers: Record<string, string> = {},
): void {
  sendJson(response, code, {error: {code, message, errors: [{message, domain: 'global', reason: 'test'}]}}, headers);
}

function sendJson(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Record<string, string> = {},
): void {
  response
    .writeHead(status, {'content-type': 'application/json; charset=UTF-8', ...headers})
    .end(JSON.stringify(value));
}
