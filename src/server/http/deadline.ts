import type {FastifyReply, FastifyRequest} from 'fastify';
import {RiceError} from '../../common/errors.ts';
import {RejectedRequest} from '../rejected-request.ts';

/**
 * Ends with the time that a request has, or when its client goes away: the reason of the signal says which.
 *
 * @param seconds from now on
 */
export function deadlineOf(request: FastifyRequest, reply: FastifyReply, seconds: number): AbortSignal {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(lateness(request, seconds)), seconds * 1000);
  reply.raw.once('close', () => {
    clearTimeout(timer);
    if (!reply.raw.writableFinished) controller.abort(new RiceError('REQUEST_INVALID', 'the client went away'));
  });
  return controller.signal;
}

function lateness(request: FastifyRequest, seconds: number): RiceError {
  return request.raw.complete
    ? new RejectedRequest('time-out', 'ANSWER_TIMEOUT', `the answer was not there after ${seconds} seconds`)
    : new RiceError('REQUEST_TIMEOUT', `the request had not arrived after ${seconds} seconds`);
}
