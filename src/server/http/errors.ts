import type {FastifyError, FastifyReply, FastifyRequest} from 'fastify';
import {RiceError} from '../../common/errors.ts';
import type {ServerContext} from '../context.ts';
import {RejectedRequest} from '../rejected-request.ts';
import {linger} from './linger.ts';
import {statusOf} from './status.ts';

/** Seconds until a client should retry. */
const RETRY_AFTER = 1;

/** Converts an error to one of the catalog. Internal errors reveal no details. */
function toHttpError(error: unknown, request: FastifyRequest): RiceError {
  if (error instanceof RiceError) return error;
  const {statusCode = 500, message} = error as FastifyError;
  if (statusCode === 413) return new RejectedRequest('too large', 'REQUEST_TOO_LARGE', message);
  if (statusCode === 415) return new RiceError('MEDIA_TYPE_UNSUPPORTED', message);
  if (statusCode >= 400 && statusCode < 500) return new RiceError('REQUEST_INVALID', message);
  request.log.error({err: error, requestId: request.id}, 'a request failed');
  return new RiceError('INTERNAL', 'the server failed on this request', {
    suggestions: [`See the server's log for the request id ${request.id}.`],
  });
}

/** Counts a rejected request and sets the headers of an error. @returns the status */
function markError(error: RiceError, reply: FastifyReply, {metrics}: ServerContext): number {
  if (error instanceof RejectedRequest) metrics.rejected.inc({reason: error.reason});
  const status = statusOf(error.code);
  if (status === 503) reply.header('retry-after', RETRY_AFTER);
  // Do not wait for the rest of a request that is late.
  if (status === 408) reply.header('connection', 'close');
  return status;
}

/** Answers with an error: an object, or under `/v2` the text that the inference protocol requires. */
export async function sendError(
  thrown: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  context: ServerContext,
): Promise<FastifyReply> {
  const error = toHttpError(thrown, request);
  const text = /^\/v2(?:\/|$)/.test(request.url.split('?', 1)[0]);
  reply.code(markError(error, reply, context));
  await linger(request.raw, reply.raw);
  return reply.send({error: text ? `${error.code}: ${error.message}` : error.toJSON()});
}
