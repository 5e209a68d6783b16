import {randomUUID} from 'node:crypto';
import type {IncomingMessage} from 'node:http';

/** The request id from a client or proxy if it is safe to log, otherwise a new one. */
export function requestId({headers}: Pick<IncomingMessage, 'headers'>): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID();
}

/** The trace id of a request: 32 hexadecimal digits, from W3C Trace Context or the older header of Google Cloud. */
export function traceId({headers}: Pick<IncomingMessage, 'headers'>): string | undefined {
  const [parent, cloud] = [headers.traceparent, headers['x-cloud-trace-context']];
  const found =
    (typeof parent === 'string' && /^[0-9a-f]{2}-([0-9a-f]{32})-/.exec(parent)) ||
    (typeof cloud === 'string' && /^([0-9a-f]{32})(?:\/|;|$)/i.exec(cloud));
  return found ? found[1] : undefined;
}
