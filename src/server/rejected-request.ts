import {type ErrorCode, RiceError} from '../common/errors.ts';

/** Reasons for rejecting a request: labels of the metric `rice_rejected_total`. */
export const REJECTION_REASONS = [
  'unauthorized',
  'host',
  'rate limit',
  'concurrency',
  'queue',
  'memory',
  'time-out',
  'stopping',
  'too large',
] as const;
export type RejectionReason = (typeof REJECTION_REASONS)[number];

/** The error of a rejected request. */
export class RejectedRequest extends RiceError {
  constructor(
    readonly reason: RejectionReason,
    code: ErrorCode,
    message: string,
  ) {
    super(code, message);
  }
}
