import type {ErrorCode} from '../../common/errors.ts';

/** HTTP status of each error code; all others are 500. */
const STATUS: Partial<Record<ErrorCode, number>> = {
  IMAGE_EMPTY: 400,
  REQUEST_INVALID: 400,
  CORRECTIONS_INVALID: 400,
  CORRECTIONS_MISMATCH: 400,
  UNAUTHORIZED: 401,
  ROUTE_NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  REQUEST_TIMEOUT: 408,
  IMAGE_TOO_LARGE: 413,
  REQUEST_TOO_LARGE: 413,
  IMAGE_UNSUPPORTED: 415,
  MEDIA_TYPE_UNSUPPORTED: 415,
  REFERENCE_NOT_FOUND: 422,
  IMAGE_TRUNCATED: 422,
  IMAGE_CORRUPT: 422,
  IMAGE_TOO_COSTLY: 422,
  HOST_NOT_ALLOWED: 421,
  RATE_LIMITED: 429,
  SERVER_BUSY: 503,
  SERVER_STOPPING: 503,
  ANSWER_TIMEOUT: 503,
};

export function statusOf(code: ErrorCode): number {
  return STATUS[code] ?? 500;
}

/** The status of a request with unusable pictures: their common status, or 422 if they differ. */
export function statusOfAll(codes: readonly ErrorCode[]): number {
  const statuses = new Set(codes.map(statusOf));
  return statuses.size === 1 ? [...statuses][0] : 422;
}
