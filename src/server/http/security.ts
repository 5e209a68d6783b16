import {createHash, timingSafeEqual} from 'node:crypto';
import type {FastifyReply, FastifyRequest} from 'fastify';
import {RejectedRequest} from '../rejected-request.ts';

/** For everything that is answered; pages set a policy of their own. */
export const SECURITY_HEADERS: Record<string, string> = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cache-control': 'no-store',
};

/** Where no key is asked for: whoever keeps the server running must be able to look. */
const OPEN_ROUTES = new Set(['/livez', '/readyz']);

/**
 * Asks each request for the key: as a bearer token, or as the password of whatever user, which is how a browser asks a
 * person for it. Comparing takes as long for every wrong key.
 */
export function keyGuard(apiKey: string): (request: FastifyRequest, reply: FastifyReply) => void {
  const expected = digest(apiKey);
  return (request, reply) => {
    if (OPEN_ROUTES.has(request.routeOptions.url ?? '')) return;
    const given = keyOf(request.headers.authorization);
    if (given !== undefined && timingSafeEqual(digest(given), expected)) return;
    reply.header('www-authenticate', ['Bearer realm="rice"', 'Basic realm="rice", charset="UTF-8"']);
    throw new RejectedRequest(
      'unauthorized',
      'UNAUTHORIZED',
      given === undefined ? 'the request carries no API key' : 'the API key of the request is not that of the server',
    );
  };
}

function keyOf(authorization: string | undefined): string | undefined {
  const [, scheme, value] = /^(bearer|basic) +(.+)$/i.exec(authorization ?? '') ?? [];
  if (scheme === undefined) return undefined;
  if (scheme.toLowerCase() === 'bearer') return value.trim();
  return /^[^:]*:(.*)$/s.exec(Buffer.from(value, 'base64').toString('utf8'))?.[1];
}

/** Of one length whatever is compared. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
