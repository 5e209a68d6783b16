import {defined} from '../../common/defined.ts';
export interface Credentials {
  /** Headers with the credentials, by lower-case name. */
  headers: Record<string, string>;
  /** The only server that may receive them. */
  meantFor: URL;
}

/** The credentials in a URL and in its additional headers, for its server only. */
export function credentialsFor(address: URL, headers: Record<string, string> = {}): Credentials {
  const lowerCase = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  const basic = basicAuthorization(address);
  return {
    headers: {...defined({authorization: basic}), ...Object.fromEntries(lowerCase)},
    meantFor: address,
  };
}

/** Whether a server may receive the credentials: it has the same origin, or is the same host upgraded to https. */
export function mayReceive(server: URL, {meantFor}: Credentials): boolean {
  if (server.origin === meantFor.origin) return true;
  const upgraded = meantFor.protocol === 'http:' && server.protocol === 'https:';
  return upgraded && server.hostname === meantFor.hostname && server.port === '' && meantFor.port === '';
}

export function withoutCredentials(address: URL): URL {
  const plain = new URL(address);
  plain.username = '';
  plain.password = '';
  return plain;
}

function basicAuthorization({username, password}: URL): string | undefined {
  if (username === '' && password === '') return undefined;
  return `Basic ${Buffer.from(`${decode(username)}:${decode(password)}`).toString('base64')}`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
