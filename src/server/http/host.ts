import {isIP} from 'node:net';
import {RejectedRequest} from '../rejected-request.ts';

/** Names of this machine, which no name server on the network answers for. */
const LOCAL = /(?:^|\.)localhost$/;

/**
 * Requires that a request asks for an address, for localhost or for an allowed name. A page of another site can let its own
 * name point to this machine (DNS rebinding); the browser then sends it the answers, and only the name tells.
 *
 * @param host the header; undefined in HTTP/1.0, which no browser speaks
 * @param allowed names in lower case, or `*` for any
 * @throws RejectedRequest HOST_NOT_ALLOWED
 */
export function requireKnownHost(host: string | undefined, allowed: readonly string[]): void {
  if (host === undefined || allowed.includes('*')) return;
  const name = hostName(host);
  if (isIP(name) || LOCAL.test(name) || allowed.includes(name)) return;
  throw new RejectedRequest('host', 'HOST_NOT_ALLOWED', `the server is not known as ${JSON.stringify(name)}`);
}

/** Whether only this machine can reach a server that listens there. */
export function isLoopback(host: string): boolean {
  return LOCAL.test(host) || host === '::1' || /^127\./.test(host);
}

/** The name without its port, and an IPv6 address without its brackets. */
function hostName(host: string): string {
  return host
    .toLowerCase()
    .replace(/:\d*$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '');
}
