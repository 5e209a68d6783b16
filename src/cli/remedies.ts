import {ERROR_CATALOGUE, type ErrorCode} from '../common/errors.ts';

/** What to do about errors of single pictures: once for each code, since thousands of pictures may have the same one. */
export class Remedies {
  readonly #told = new Set<string>();

  /** Undefined if it was told before. */
  next(code: string): string | undefined {
    if (this.#told.has(code)) return undefined;
    this.#told.add(code);
    return ERROR_CATALOGUE[code as ErrorCode]?.fix;
  }
}
