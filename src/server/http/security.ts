import {createHash, timingSafeEqual} from 'node:crypto';
import type {FastifyReply, FastifyRequest} from 'fastify';
import {RejectedRequest} from '../rejected-request.ts';

/** Headers of all answers; pages set their own content security policy. */
export const SECURITY_HEADERS: Record<string, string> = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cache-control': 'no-store',
};

/** Routes without a key, for health checks of the platform. */
const PUBLIC_ROUTES = new Set(['/livez', '/readyz']);

/**
 * Requires the key in each request: as a bearer token, or as the password of any user in basic authentication, for which
 * browsers have a dialog. The comparison takes constant time.
 */
export function keyGuard(apiKey: string): (request: FastifyRequest, reply: FastifyReply) => void {
  const expected = digest(apiKey);
  return (request, reply) => {
    if (PUBLIC_ROUTES.has(request.routeOptions.url ?? '')) return;
    const given = keyOf(request.headers.authorization);
    if (given !== undefined && timingSafeEqual(digest(given), expected)) return;
    reply.header('www-authenticate', ['Bearer realm="rice"', 'Basic realm="rice", charset="UTF-8"']);
    throw new RejectedRequest(
      'unauthorized',
      'UNAUTHORIZED',
      given === undefined ? 'the request has no API key' : "the API key of the request is not the server's",
    );
  };
}

function keyOf(authorization: string | undefined): string | undefined {
  const [, scheme, value] = /^(bearer|basic) +(.+)$/i.exec(authorization ?? '') ?? [];
  if (scheme === undefined) return undefined;
  if (scheme.toLowerCase() === 'bearer') return value.trim();
  return /^[^:]*:(.*)$/s.exec(Buffer.from(value, 'base64').toString('utf8'))?.[1];
}

/** Digests have the same length, which `timingSafeEqual` requires. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
