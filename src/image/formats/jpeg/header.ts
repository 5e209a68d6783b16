import {ByteReader, corrupt, truncated, unsupported} from '../bytes.ts';
import {exifOrientation} from '../exif.ts';
import type {ImageHeader, PixelCost, SizeCheck} from '../types.ts';
import {isFrame, type JpegFrame, readFrame, readScan} from './frame.ts';
import {ScanProgress} from './scan-progress.ts';
import {type JpegSegment, MARKER, nextSegment} from './segments.ts';

export interface JpegHeader extends ImageHeader {
  frame: JpegFrame;
  /** What the Adobe marker says of the colors: 0 as they are, 1 YCbCr, 2 YCCK; undefined without the marker. */
  adobeTransform: number | undefined;
  /** A JFIF marker says that three colors are YCbCr. */
  jfif: boolean;
  /** Where the last scan ends in a file without an end marker. */
  missingEnd: {data: number; padded: boolean} | undefined;
}

/** Encoders write ten or so; every one, of a few bytes, makes a decoder go over the whole picture again. */
const MOST_SCANS = 100;

/**
 * Walks the markers up to the end of the image and holds their structure against the standard (ITU-T T.81): one frame, one
 * size, scans of all colors, each going on from those before. What a decoder would have to make up is known before any runs.
 * Thumbnails inside of markers are skipped; what follows the end is ignored.
 *
 * A file without an end marker is read where no further scan can follow: whether the last one is whole, the decoder tells.
 */
export function readJpegHeader(bytes: Uint8Array, check?: SizeCheck): JpegHeader {
  const reader = new ByteReader(bytes, 'JPEG', false);
  let frame: JpegFrame | undefined;
  let progress: ScanProgress | undefined;
  let orientation = 1;
  let adobeTransform: number | undefined;
  let jfif = false;
  let missingEnd: JpegHeader['missingEnd'];
  let data = 0;
  for (let offset = 2; ; ) {
    const segment = nextSegment(reader, offset);
    if (!segment) {
      if (!progress?.complete) throw truncated('JPEG');
      missingEnd = endOfData(bytes, data);
      break;
    }
    const {code} = segment;
    if (code === MARKER.end) break;
    if (code === MARKER.start) throw corrupt('JPEG', 'an image starts inside of it');
    if (code === MARKER.hierarchical) throw unsupported('a JPEG that is hierarchical');
    if (isFrame(code)) {
      if (frame) throw corrupt('JPEG', 'it has more than one frame');
      frame = readFrame(reader, segment);
      if (frame.height > 0) check?.(frame.width, frame.height, pixelCost(frame));
      progress = new ScanProgress(frame);
    } else if (code === MARKER.numberOfLines) checkLines(reader, segment, frame);
    else if (code === MARKER.app0 && startsWith(bytes, segment, 'JFIF\0', 14)) jfif = true;
    else if (code === MARKER.app1 && startsWith(bytes, segment, 'Exif\0\0', 6))
      orientation = exifOrientation(bytes.subarray(segment.offset + 6, segment.offset + segment.length));
    else if (code === MARKER.app14 && startsWith(bytes, segment, 'Adobe', 12))
      adobeTransform = bytes[segment.offset + 11];
    else if (code === MARKER.scan) {
      if (!frame || !progress) throw corrupt('JPEG', 'it has no frame');
      const scan = readScan(reader, segment, frame);
      progress.take(scan);
      data = scan.data;
      if (progress.count > MOST_SCANS) throw corrupt('JPEG', `it has more than ${MOST_SCANS} scans`);
    }
    offset = segment.offset + segment.length;
  }
  if (!frame || !progress?.count) throw corrupt('JPEG', 'it has no picture');
  const {width, height} = frame;
  if (height === 0) check?.(width, height);
  if (!progress.showsAll) throw truncated('JPEG');
  return {width, height, orientation, passes: progress.count, frame, adobeTransform, jfif, missingEnd};
}

/**
 * Pictures of several scans are decoded by way of their coefficients, of two bytes each. Whether there are several is not known
 * before the first one: a second one costs the same in every kind of frame.
 */
function pixelCost({components, progressive}: JpegFrame): PixelCost {
  const [h, v] = [Math.max(...components.map((each) => each.h)), Math.max(...components.map((each) => each.v))];
  const samples = components.reduce((sum, each) => sum + (each.h * each.v) / (h * v), 0);
  const nanoseconds = components.length === 4 ? 70 : progressive ? 40 : 10;
  return {bytes: Math.max(6, 3 + 2 * samples), nanoseconds};
}

/** The number of lines may be told behind the first scan, where it was not known before (section B.2.5). */
function checkLines(reader: ByteReader, {offset}: JpegSegment, frame: JpegFrame | undefined): void {
  const lines = reader.u16(offset);
  if (frame?.height === 0) throw unsupported('a JPEG that tells its height behind its pixels');
  if (lines !== frame?.height) throw corrupt('JPEG', 'it states two heights');
}

/**
 * Zeros in the place of the end marker are no data; neither is the first byte of the marker. Data that end with a zero
 * themselves are rare, and cannot be told from data that are cut: they are taken for the latter.
 */
function endOfData(bytes: Uint8Array, start: number): {data: number; padded: boolean} {
  let end = bytes.length;
  while (end > start && (bytes[end - 1] === 0 || bytes[end - 1] === 0xff)) end--;
  // Stuffed bytes: the zero belongs to the 255.
  while (bytes[end] === 0xff && bytes[end + 1] === 0) end += 2;
  return {data: end, padded: end < bytes.length && bytes[bytes.length - 1] === 0};
}

function startsWith(bytes: Uint8Array, {offset, length}: JpegSegment, text: string, least: number): boolean {
  if (length < least) return false;
  for (let i = 0; i < text.length; i++) if (bytes[offset + i] !== text.charCodeAt(i)) return false;
  return true;
}
