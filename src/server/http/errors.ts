import type {FastifyError, FastifyReply, FastifyRequest} from 'fastify';
import {RiceError} from '../../common/errors.ts';
import type {ServerContext} from '../context.ts';
import {RejectedRequest} from '../rejected-request.ts';
import {linger} from './linger.ts';
import {statusOf} from './status.ts';

/** Seconds after which it is worth to try again. */
const RETRY_AFTER = 1;

/** What goes wrong in a request, as an error of the catalogue. What is nobody's fault but the server's tells no details. */
function toHttpError(error: unknown, request: FastifyRequest): RiceError {
  if (error instanceof RiceError) return error;
  const {statusCode = 500, message} = error as FastifyError;
  if (statusCode === 413) return new RejectedRequest('too large', 'REQUEST_TOO_LARGE', message);
  if (statusCode === 415) return new RiceError('MEDIA_TYPE_UNSUPPORTED', message);
  if (statusCode >= 400 && statusCode < 500) return new RiceError('REQUEST_INVALID', message);
  request.log.error({err: error, requestId: request.id}, 'a request failed');
  return new RiceError('INTERNAL', 'the server failed on this request', {
    suggestions: [`The log of the server tells more under the request id ${request.id}.`],
  });
}

/** Counts a request that is turned away and sets the headers that go with an error. @returns its status */
function markError(error: RiceError, reply: FastifyReply, {metrics}: ServerContext): number {
  if (error instanceof RejectedRequest) metrics.rejected.inc({reason: error.reason});
  const status = statusOf(error.code);
  if (status === 503) reply.header('retry-after', RETRY_AFTER);
  // What has not arrived by now is not waited for.
  if (status === 408) reply.header('connection', 'close');
  return status;
}

/** Answers with an error: the catalogue's, and under `/v2` the text that the inference protocol asks for. */
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
