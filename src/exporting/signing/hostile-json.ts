/** Reading JSON that anybody may have written. */
import {RiceError} from '../../common/errors.ts';

/** @param from the file that the text is from, for errors */
export function parseJson(text: string, from: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unreadable(from, 'it is not JSON', error);
  }
}

/** The member of a document that keys and positions lead to; undefined where the document has none there. */
export function memberAt(document: unknown, ...path: (string | number)[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, key)
        ? (value as Record<string | number, unknown>)[key]
        : undefined,
    document,
  );
}

/** The item of a list that has one; undefined for anything else. */
export function onlyItem(value: unknown): unknown {
  return Array.isArray(value) && value.length === 1 ? value[0] : undefined;
}

export function isText(value: unknown): value is string {
  return typeof value === 'string';
}

export function unreadable(from: string, reason: string, cause?: unknown): RiceError {
  return new RiceError('SIGNATURE_UNREADABLE', `${from} cannot be used as the signature of a model: ${reason}`, {
    cause,
  });
}
