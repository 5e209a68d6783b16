import {corrupt} from '../bytes.ts';

/** An open bitstream unit of AV1 (specification, section 5.3). */
export interface Obu {
  type: number;
  /** With its header. */
  bytes: Uint8Array;
  payload: Uint8Array;
}

export const SEQUENCE_HEADER = 1;
export const FRAME_HEADER = 3;
export const FRAME = 6;

const MOST_UNITS = 10_000;
const EXTENSION = 4;
const HAS_SIZE = 2;

/** Takes a coded picture apart. */
export function splitObus(data: Uint8Array, format: string): Obu[] {
  const units: Obu[] = [];
  for (let at = 0; at < data.length; ) {
    const header = data[at];
    const start = at + (header & EXTENSION ? 2 : 1);
    const {value, length} = header & HAS_SIZE ? readLeb128(data, start) : {value: data.length - start, length: 0};
    const end = start + length + value;
    if (header & 0x80 || end > data.length || end <= at) throw corrupt(format, 'a part of its pixels ends early');
    units.push({type: (header >> 3) & 15, bytes: data.subarray(at, end), payload: data.subarray(start + length, end)});
    if (units.length > MOST_UNITS)
      throw corrupt(format, `a picture in it is in more than ${MOST_UNITS.toLocaleString('en')} parts`);
    at = end;
  }
  return units;
}

/** A number in groups of seven bits, the lowest first (section 4.10.5). */
function readLeb128(data: Uint8Array, at: number): {value: number; length: number} {
  let value = 0;
  for (let i = 0; i < 8; i++) {
    value += (data[at + i] & 0x7f) * 2 ** (7 * i);
    if (!(data[at + i] & 0x80)) return {value, length: i + 1};
  }
  return {value: Number.POSITIVE_INFINITY, length: 8};
}
