import {type ErrorCode, RiceError} from '../common/errors.ts';

/** Why a request is turned away without an answer to its question: a label of the metric `rice_rejected_total`. */
export const REJECTION_REASONS = [
  'unauthorized',
  'rate limit',
  'concurrency',
  'queue',
  'memory',
  'time-out',
  'stopping',
  'too large',
] as const;
export type RejectionReason = (typeof REJECTION_REASONS)[number];

/** A request that is turned away. */
export class RejectedRequest extends RiceError {
  constructor(
    readonly reason: RejectionReason,
    code: ErrorCode,
    message: string,
  ) {
    super(code, message);
  }
}
