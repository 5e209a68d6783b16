import {
  ipOf,
  lookupWithin,
  mayRedirect,
  RefusedZone,
  type Zone,
  zoneOf,
  zonesOfHost,
} from '../../common/network-zone.ts';

const REDIRECTS = [301, 302, 303, 307, 308];
const MAX_REDIRECTS = 10;

export interface RequestOptions {
  signal: AbortSignal;
  /** For every server. */
  headers: Record<string, string>;
  /** The zone of an IP address; the real one if omitted. */
  toZone?: ((address: string) => Zone) | undefined;
}

/**
 * Requests a URL and follows its redirects, but not from a public server into this machine or its networks. A user and a
 * password in a URL are sent to its own server only.
 *
 * @throws Error with the reason; what `fetch` throws
 */
export async function fetchFollowing(address: string, {signal, headers, toZone}: RequestOptions): Promise<Response> {
  const first = new URL(address);
  let url = first;
  let authorization = authorizationOf(first);
  let origin = first.origin;
  for (let redirects = 0; ; redirects++) {
    const own = url.origin === origin ? authorization : undefined;
    const init = {signal, headers: {...headers, ...own}, redirect: 'manual' as const};
    const plain = withoutUser(url);
    const response = redirects === 0 ? await fetch(plain, init) : await fetchWithin(first, plain, init, toZone);
    if (!REDIRECTS.includes(response.status)) return response;
    await response.body?.cancel();
    if (redirects === MAX_REDIRECTS) throw new Error(`it redirects more than ${MAX_REDIRECTS} times`);
    const location = response.headers.get('location');
    if (!location) throw new Error(`${url.host} redirects without a target`);
    if (!URL.canParse(location, url.href)) throw new Error(`${url.host} redirects to an invalid URL`);
    url = new URL(location, url.href);
    if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new Error(`it redirects to a ${url.protocol} URL`);
    if (url.username !== '' || url.password !== '') [authorization, origin] = [authorizationOf(url), url.origin];
  }
}

/** The address is looked at when the connection is made: what a name stands for may change from one moment to the next. */
async function fetchWithin(
  from: URL,
  to: URL,
  init: RequestInit,
  toZone: (address: string) => Zone = zoneOf,
): Promise<Response> {
  const origins = await zonesOfHost(from.hostname, toZone);
  const isAllowed = (zone: Zone) => origins.every((origin) => mayRedirect(origin, zone));
  const ip = ipOf(to.hostname);
  if (ip !== undefined && !isAllowed(toZone(ip))) throw new RefusedZone(to.host, toZone(ip));
  // Named exports of a CommonJS package are lost when it is bundled.
  const {Agent, fetch: fetchBy} = (await import('undici')).default;
  const dispatcher = new Agent({connect: {lookup: lookupWithin(isAllowed, toZone)}, pipelining: 0});
  return (await fetchBy(to, {...init, dispatcher} as Parameters<typeof fetchBy>[1])) as unknown as Response;
}

function authorizationOf({username, password}: URL): {authorization: string} | undefined {
  if (username === '' && password === '') return undefined;
  const [user, secret] = [username, password].map(decoded);
  return {authorization: `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`};
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** `fetch` takes no others. */
function withoutUser(url: URL): URL {
  const plain = new URL(url);
  plain.username = '';
  plain.password = '';
  return plain;
}
