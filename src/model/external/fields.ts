import {RiceError} from '../../common/errors.ts';
import {nearest} from '../../common/nearest-word.ts';

interface Range {
  min?: number;
  /** Exclusive. */
  above?: number;
  max?: number;
  whole?: boolean;
}

/**
 * Reads and checks an object's values by key, with defaults. Every error is a RiceError MODEL_DESCRIPTION that names the
 * file, the key, what was expected and what was found.
 */
export class Fields {
  readonly #values: Record<string, unknown>;

  readonly #path: string;
  readonly #prefix: string;

  /** @param prefix the keys that lead to the object, each followed by a dot */
  constructor(value: unknown, path: string, known: readonly string[], prefix = '') {
    this.#path = path;
    this.#prefix = prefix;
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw this.#error(`${prefix.slice(0, -1) || 'it'} must be an object, not ${shortened(value)}`);
    this.#values = value as Record<string, unknown>;
    const unknown = Object.keys(value).find((key) => !known.includes(key));
    if (unknown !== undefined) throw this.#unknownKey(unknown, known);
  }

  has(key: string): boolean {
    return this.#values[key] !== undefined;
  }

  object(key: string, known: readonly string[], fallback?: object): Fields {
    return new Fields(this.#required(key, 'an object', fallback), this.#path, known, `${this.#prefix}${key}.`);
  }

  number(key: string, range: Range, fallback?: number): number {
    const wanted = describeRange(range);
    const value = this.#required(key, wanted, fallback);
    if (!isWithin(value, range)) throw this.#problem(key, wanted, value);
    return value;
  }

  text(key: string, fallback: string): string {
    const value = this.#required(key, 'a text', fallback);
    if (typeof value !== 'string' || value === '') throw this.#problem(key, 'a text', value);
    return value;
  }

  choice<T extends string | number>(key: string, options: readonly T[], fallback?: T): T {
    const wanted = `one of ${options.map((option) => JSON.stringify(option)).join(', ')}`;
    const value = this.#required(key, wanted, fallback);
    if (options.includes(value as T)) return value as T;
    const near = typeof value === 'string' ? nearest(value, options.map(String)) : undefined;
    throw this.#problem(key, wanted, value, near ? [`Did you mean "${near}"?`] : undefined);
  }

  /** Three numbers, or one for all three. */
  triple(key: string, range: Range, fallback: number): [number, number, number] {
    const wanted = `${describeRange(range)}, or three of them`;
    const value = this.#required(key, wanted, fallback);
    if (isWithin(value, range)) return [value, value, value];
    if (!Array.isArray(value) || value.length !== 3 || !value.every((each) => isWithin(each, range)))
      throw this.#problem(key, wanted, value);
    return value as [number, number, number];
  }

  /** Two or more different texts. */
  names(key: string): string[] {
    const wanted = 'an array of two or more different names';
    const value = this.#required(key, wanted);
    const texts = Array.isArray(value) && value.every((each) => typeof each === 'string' && each !== '');
    if (!texts || value.length < 2) throw this.#problem(key, wanted, value);
    const twice = value.find((each, i) => value.indexOf(each) !== i);
    if (twice !== undefined) throw this.#error(`${key} has ${JSON.stringify(twice)} twice`);
    return value;
  }

  /** Rejects a key that has no effect because of another value: the author expected an effect. */
  refuse(key: string, reason: string): void {
    if (this.has(key)) throw this.#error(`${this.#prefix}${key} has no effect ${reason}`, [`Leave ${key} out.`]);
  }

  #required(key: string, wanted: string, fallback?: unknown): unknown {
    const value = this.has(key) ? this.#values[key] : fallback;
    if (value === undefined) throw this.#error(`${this.#prefix}${key} is missing: ${wanted}`);
    return value;
  }

  #problem(key: string, wanted: string, value: unknown, suggestions?: string[]): RiceError {
    return this.#error(`${this.#prefix}${key} must be ${wanted}, not ${shortened(value)}`, suggestions);
  }

  #unknownKey(key: string, known: readonly string[]): RiceError {
    const near = nearest(key, known);
    const suggestions = near ? [`Did you mean ${this.#prefix}${near}?`] : [];
    return this.#error(`unknown key ${this.#prefix}${key}`, [...suggestions, `Known here: ${known.join(', ')}.`]);
  }

  #error(message: string, suggestions?: string[]): RiceError {
    return new RiceError('MODEL_DESCRIPTION', `${this.#path}: ${message}`, suggestions ? {suggestions} : {});
  }
}

function isWithin(value: unknown, {min, above, max, whole = false}: Range): value is number {
  if (typeof value !== 'number' || !Number.isFinite(value) || (whole && !Number.isInteger(value))) return false;
  return (
    !(min !== undefined && value < min) &&
    !(above !== undefined && value <= above) &&
    !(max !== undefined && value > max)
  );
}

function describeRange({min, above, max, whole = false}: Range): string {
  const bounds: string[] = [];
  if (min !== undefined) bounds.push(`from ${min}`);
  if (above !== undefined) bounds.push(`above ${above}`);
  if (max !== undefined) bounds.push(`up to ${max}`);
  return [whole ? 'a whole number' : 'a number', ...bounds].join(' ');
}

function shortened(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
