import type {ByteReader} from '../bytes.ts';
import {corrupt} from '../bytes.ts';

/** Codes of markers (ITU-T T.81, table B.1). */
export const MARKER = {
  huffmanTables: 0xc4,
  start: 0xd8,
  end: 0xd9,
  scan: 0xda,
  quantizationTables: 0xdb,
  numberOfLines: 0xdc,
  restartInterval: 0xdd,
  hierarchical: 0xde,
  app0: 0xe0,
  app1: 0xe1,
  app14: 0xee,
} as const;

const TEMPORARY = 0x01;

/** A marker and what belongs to it. */
export interface JpegSegment {
  code: number;
  /** Where its marker begins, and its payload, behind the length. */
  marker: number;
  offset: number;
  /** Bytes of the payload; 0 where the marker stands alone. */
  length: number;
}

/**
 * The next marker from an offset on: entropy-coded data, stuffed bytes, restarts and fill bytes are skipped. Undefined where
 * the file ends before one.
 */
export function nextSegment(reader: ByteReader, from: number): JpegSegment | undefined {
  const {bytes} = reader;
  for (let offset = from; ; ) {
    const marker = bytes.indexOf(0xff, offset);
    if (marker === -1) return undefined;
    offset = marker;
    while (bytes[offset] === 0xff) offset++;
    if (offset >= bytes.length) return undefined;
    const code = bytes[offset++];
    if (code === 0 || code === TEMPORARY || (code >= 0xd0 && code <= 0xd7)) continue;
    if (code === MARKER.end || code === MARKER.start) return {code, marker, offset, length: 0};
    const length = reader.u16(offset);
    if (length < 2) throw corrupt('JPEG', 'a segment has no length');
    reader.need(offset, length);
    return {code, marker, offset: offset + 2, length: length - 2};
  }
}
