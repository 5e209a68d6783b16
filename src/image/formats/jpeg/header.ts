import {ByteReader, corrupt, unsupported} from '../bytes.ts';
import {exifOrientation} from '../exif.ts';
import type {ImageHeader, SizeCheck} from '../types.ts';

export interface JpegHeader extends ImageHeader {
  /** 1 grey, 3 color, 4 CMYK. */
  components: number;
  /** What the Adobe marker says of the colors: 0 as they are, 1 YCbCr, 2 YCCK; undefined without the marker. */
  adobeTransform: number | undefined;
}

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const APP1 = 0xe1;
const APP14 = 0xee;

/** What the start-of-frame markers stand for (ITU-T T.81, table B.1); the first three are read. */
const PROCESSES: Readonly<Record<number, string>> = {
  192: 'baseline',
  193: 'extended',
  194: 'progressive',
  195: 'lossless',
  197: 'hierarchical',
  198: 'hierarchical',
  199: 'hierarchical',
  201: 'arithmetic-coded',
  202: 'arithmetic-coded',
  203: 'arithmetic-coded',
  205: 'arithmetic-coded',
  206: 'arithmetic-coded',
  207: 'arithmetic-coded',
};
const LAST_READABLE = 194;
/** Encoders write ten or so; every one, of a few bytes, makes a decoder go over the whole picture again. */
const MOST_SCANS = 100;

/**
 * Walks the markers up to the end of the image, so that a file without an end is known as cut before any decoder makes a
 * half grey picture of it. Thumbnails inside of markers are skipped; what follows the end is ignored.
 */
export function readJpegHeader(bytes: Uint8Array, check?: SizeCheck): JpegHeader {
  const reader = new ByteReader(bytes, 'JPEG', false);
  let frame: {width: number; height: number; components: number} | undefined;
  let orientation = 1;
  let adobeTransform: number | undefined;
  let scans = 0;
  let offset = 2;
  for (;;) {
    const marker = nextMarker(reader, offset);
    offset = marker.end;
    if (marker.code === EOI) break;
    if (marker.code === SOI) throw corrupt('JPEG', 'an image starts inside of it');
    if (isStandalone(marker.code)) continue;
    const length = reader.u16(offset);
    if (length < 2) throw corrupt('JPEG', 'a segment has no length');
    reader.need(offset, length);
    const payload = bytes.subarray(offset + 2, offset + length);
    if (marker.code in PROCESSES) {
      if (frame) throw corrupt('JPEG', 'it has more than one frame');
      frame = readFrame(reader, marker.code, offset);
      check?.(frame.width, frame.height);
    } else if (marker.code === APP1 && startsWith(payload, 'Exif\0\0'))
      orientation = exifOrientation(payload.subarray(6));
    else if (marker.code === APP14 && payload.length >= 12 && startsWith(payload, 'Adobe'))
      adobeTransform = payload[11];
    else if (marker.code === SOS) {
      if (!frame) throw corrupt('JPEG', 'it has no frame');
      if (++scans > MOST_SCANS) throw corrupt('JPEG', `it has more than ${MOST_SCANS} scans`);
    }
    offset += length;
  }
  if (!frame || scans === 0) throw corrupt('JPEG', 'it has no picture');
  return {...frame, orientation, adobeTransform};
}

/** Skips entropy-coded data, stuffed bytes, restarts and fill bytes up to the next marker. */
function nextMarker(reader: ByteReader, from: number): {code: number; end: number} {
  const {bytes} = reader;
  let offset = from;
  for (;;) {
    offset = bytes.indexOf(0xff, offset);
    if (offset === -1) offset = bytes.length;
    while (reader.u8(offset) === 0xff) offset++;
    const code = bytes[offset++];
    if (code !== 0 && !(code >= 0xd0 && code <= 0xd7)) return {code, end: offset};
  }
}

function isStandalone(code: number): boolean {
  return code === 0x01;
}

function readFrame(reader: ByteReader, process: number, offset: number) {
  if (process > LAST_READABLE) throw unsupported(`a ${PROCESSES[process]} JPEG`);
  const precision = reader.u8(offset + 2);
  if (precision !== 8) throw unsupported(`a JPEG with ${precision} bits a sample`);
  const height = reader.u16(offset + 3);
  const width = reader.u16(offset + 5);
  const components = reader.u8(offset + 7);
  if (components !== 1 && components !== 3 && components !== 4) throw unsupported(`a JPEG with ${components} colors`);
  return {width, height, components};
}

function startsWith(payload: Uint8Array, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (payload[i] !== text.charCodeAt(i)) return false;
  return true;
}
