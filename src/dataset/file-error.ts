import {type ErrorCode, RiceError} from '../common/errors.ts';

/** The error of one file of many. */
export interface FileError {
  /** Relative to the root of the dataset, with forward slashes. */
  path: string;
  code: ErrorCode;
  message: string;
}

/** The code and message of anything thrown; errors without a code are bugs in rice. */
export function describeError(error: unknown): Omit<FileError, 'path'> {
  if (error instanceof RiceError) return {code: error.code, message: error.message};
  return {code: 'INTERNAL', message: error instanceof Error ? error.message : String(error)};
}
