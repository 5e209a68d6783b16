import {RiceError} from '../../common/errors.ts';

/** A JSON object with unchecked fields. */
export type Fields = Record<string, unknown>;

/** The error for an invalid request. */
export function wrong(message: string): RiceError {
  return new RiceError('REQUEST_INVALID', message);
}

/** @param what name of the value in the error message; the same for the functions below */
export function objectOf(value: unknown, what: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw wrong(`${what} must be an object`);
}

export function listOf(value: unknown, what: string): unknown[] {
  if (Array.isArray(value)) return value;
  throw wrong(`${what} must be a list`);
}

export function textOf(value: unknown, what: string): string {
  if (typeof value === 'string') return value;
  throw wrong(`${what} must be text`);
}

/** A whole number, 0 or more. */
export function countOf(value: unknown, what: string): number {
  if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
  throw wrong(`${what} must be a whole number`);
}
