import {wrong} from './fields.ts';

/** Reads the elements of a binary BYTES tensor, each preceded by its length as a little-endian u32. */
export function readLengthPrefixed(bytes: Buffer, count: number): Uint8Array[] {
  const elements: Uint8Array[] = [];
  let at = 0;
  while (at < bytes.length) {
    const end = at + 4 <= bytes.length ? at + 4 + bytes.readUInt32LE(at) : Number.POSITIVE_INFINITY;
    if (end > bytes.length || elements.length === count) throw wrong('the BYTES tensor does not match its shape');
    elements.push(bytes.subarray(at + 4, end));
    at = end;
  }
  if (elements.length !== count) throw wrong('the BYTES tensor does not match its shape');
  return elements;
}

/** Writes the elements of a binary BYTES tensor. */
export function writeLengthPrefixed(texts: readonly string[]): Buffer {
  const parts = texts.flatMap((text) => {
    const element = Buffer.from(text);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(element.length);
    return [length, element];
  });
  return Buffer.concat(parts);
}

/** Reads the elements of a BYTES tensor in JSON, which are base64. */
export function readBase64(data: unknown[], count: number): Uint8Array[] {
  const texts = data.flat(3);
  if (texts.length !== count) throw wrong(`the data has ${texts.length} elements, its shape says ${count}`);
  return texts.map((text, i) => {
    if (typeof text !== 'string') throw wrong(`element ${i} of the data must be text in base64`);
    return Buffer.from(text, 'base64');
  });
}

/** Reads levels in JSON, flat or nested to at most the number of dimensions. */
export function readLevels(data: unknown[], count: number, dimensions: number): Uint8Array {
  const levels = new Uint8Array(count);
  let at = 0;
  const read = (values: unknown[], depth: number) => {
    for (const value of values) {
      if (Array.isArray(value) && depth < dimensions) read(value, depth + 1);
      else if (at === count) throw wrong(`the data has more values than its shape says: ${count}`);
      else if (!Number.isInteger(value) || (value as number) < 0 || (value as number) > 255)
        throw wrong(`value ${at} of the data must be a whole number from 0 to 255`);
      else levels[at++] = value as number;
    }
  };
  read(data, 1);
  if (at !== count) throw wrong(`the data has ${at} values, its shape says ${count}`);
  return levels;
}
