import type {FastifyReply, FastifyRequest} from 'fastify';
import {RiceError} from '../../common/errors.ts';
import {RejectedRequest} from '../rejected-request.ts';

/**
 * A signal that aborts at the request's deadline or when the client disconnects; its reason says which.
 *
 * @param seconds from now on
 */
export function deadlineOf(request: FastifyRequest, reply: FastifyReply, seconds: number): AbortSignal {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(timeoutError(request, seconds)), seconds * 1000);
  reply.raw.once('close', () => {
    clearTimeout(timer);
    if (!reply.raw.writableFinished) controller.abort(new RiceError('REQUEST_INVALID', 'the client disconnected'));
  });
  return controller.signal;
}

function timeoutError(request: FastifyRequest, seconds: number): RiceError {
  return request.raw.complete
    ? new RejectedRequest('time-out', 'ANSWER_TIMEOUT', `the answer was not ready after ${seconds} seconds`)
    : new RiceError('REQUEST_TIMEOUT', `the request had not arrived after ${seconds} seconds`);
}
