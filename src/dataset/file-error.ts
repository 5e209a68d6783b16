import {type ErrorCode, RiceError} from '../common/errors.ts';

/** What went wrong with one file of many. */
export interface FileError {
  /** Relative to the dataset's root, with forward slashes. */
  path: string;
  code: ErrorCode;
  message: string;
}

/** The code and message of anything thrown; what is not catalogued is a defect of ours. */
export function describeError(error: unknown): Omit<FileError, 'path'> {
  if (error instanceof RiceError) return {code: error.code, message: error.message};
  return {code: 'INTERNAL', message: error instanceof Error ? error.message : String(error)};
}
