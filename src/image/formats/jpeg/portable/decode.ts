import type {Frame} from '../../../frame.ts';
import {ByteReader, corrupt, truncated} from '../../bytes.ts';
import {type JpegFrame, type JpegScan, readScan} from '../frame.ts';
import type {JpegHeader} from '../header.ts';
import {type JpegSegment, MARKER, nextSegment} from '../segments.ts';
import {unitPainter} from './colors.ts';
import {HuffmanTable} from './huffman-table.ts';
import {inverseTransform, scaledSteps} from './inverse-transform.ts';
import {BLOCK, KEPT_UNIT_ROWS, makePlanes, type Plane, unitsOf} from './plane.ts';
import {ScanDecoder, ZIGZAG} from './scan-decoder.ts';

/** What segments define for the scans behind them. */
class Tables {
  readonly dc: (HuffmanTable | undefined)[] = [];
  readonly ac: (HuffmanTable | undefined)[] = [];
  /** Steps of the coefficients, in rows. */
  readonly quantization: (Uint16Array | undefined)[] = [];
  restartInterval = 0;
}

/**
 * Decodes a JPEG (baseline, extended or progressive; one, three or four colors; any sampling) in plain TypeScript: where
 * libjpeg-turbo cannot be loaded, and what it does not turn into RGB. A picture of one scan takes memory for a row of units beside the
 * frame, others two bytes a sample. Whatever libjpeg would warn of is an error.
 *
 * @throws RiceError IMAGE_TRUNCATED or IMAGE_CORRUPT
 */
export function decodePortable(bytes: Uint8Array, header: JpegHeader): Frame {
  const {frame, width, height} = header;
  const reader = new ByteReader(bytes, 'JPEG', false);
  const units = unitsOf(frame);
  const tables = new Tables();
  const data = new Uint8Array(width * height * 3);
  let planes: Plane[] | undefined;
  for (let offset = 2; ; ) {
    const segment = segmentAt(reader, offset);
    if (segment.code === MARKER.end) break;
    offset = segment.offset + segment.length;
    if (segment.code === MARKER.huffmanTables) readHuffmanTables(reader, segment, tables);
    else if (segment.code === MARKER.quantizationTables) readQuantizationTables(reader, segment, tables);
    else if (segment.code === MARKER.restartInterval) tables.restartInterval = reader.u16(segment.offset);
    if (segment.code !== MARKER.scan) continue;
    const scan = readScan(reader, segment, frame);
    const atOnce = isOnlyScan(scan, frame);
    planes ??= makePlanes(frame, units, !atOnce);
    takeQuantization(scan, planes, tables);
    const interval = tables.restartInterval;
    const decoder = new ScanDecoder(bytes, scan, scannedPlanes(scan, planes, tables), interval, frame.progressive);
    if (!atOnce) {
      offset = decoder.decode(units);
      continue;
    }
    const paint = unitPainter(header, planes, units, data);
    offset = decoder.decode(units, (row) => {
      for (const plane of planes!) transform(plane, 0, row);
      if (row > 0) paint(row - 1);
      for (const plane of planes!) plane.coefficients.fill(0);
    });
    paint(units.down - 1);
    segmentAt(reader, offset);
    return {width, height, data};
  }
  if (!planes) throw truncated('JPEG');
  const paint = unitPainter(header, planes, units, data);
  for (let row = 0; row < units.down; row++) {
    for (const plane of planes) transform(plane, row, row);
    if (row > 0) paint(row - 1);
  }
  paint(units.down - 1);
  return {width, height, data};
}

/** The segment right behind the one before: other decoders warn of bytes between them. */
function segmentAt(reader: ByteReader, offset: number): JpegSegment {
  const segment = nextSegment(reader, offset);
  if (!segment) throw truncated('JPEG');
  if (segment.marker !== offset) throw corrupt('JPEG', 'it has data that belong to nothing');
  return segment;
}

function isOnlyScan(scan: JpegScan, {progressive, components}: JpegFrame): boolean {
  return !progressive && scan.components.length === components.length;
}

/**
 * The samples of one row of units.
 *
 * @param stored where its coefficients are, in rows of units
 */
function transform({coefficients, steps, samples, stride, v}: Plane, stored: number, row: number): void {
  const first = (row % KEPT_UNIT_ROWS) * v;
  for (let y = 0; y < v; y++)
    for (let x = 0; x < stride; x++) {
      const at = ((stored * v + y) * stride + x) * BLOCK;
      inverseTransform(coefficients, at, steps!, samples, ((first + y) * 8 * stride + x) * 8, stride * 8);
    }
}

/** A color keeps the table that is there at its first scan (ITU-T T.81, section B.2.4.1). */
function takeQuantization(scan: JpegScan, planes: Plane[], {quantization}: Tables): void {
  for (const {index} of scan.components) {
    const plane = planes[index];
    const table = quantization[plane.table];
    plane.steps ??= table && scaledSteps(table);
    if (!plane.steps) throw corrupt('JPEG', 'a quantization table is missing');
  }
}

function scannedPlanes(scan: JpegScan, planes: Plane[], tables: Tables) {
  return scan.components.map(({index, dc, ac}) => ({plane: planes[index], dc: tables.dc[dc], ac: tables.ac[ac]}));
}

function readHuffmanTables(reader: ByteReader, {offset, length}: JpegSegment, tables: Tables): void {
  for (let at = offset; at < offset + length; ) {
    const kind = reader.u8(at);
    reader.need(at + 1, 16);
    const counts = reader.bytes.subarray(at + 1, at + 17);
    const symbols = counts.reduce((sum, count) => sum + count, 0);
    at += 17 + symbols;
    if (symbols > 256 || at > offset + length || kind >> 4 > 1 || (kind & 15) > 3)
      throw corrupt('JPEG', 'a table of codes is not possible');
    const table = new HuffmanTable(counts, reader.bytes.subarray(at - symbols, at));
    (kind >> 4 === 0 ? tables.dc : tables.ac)[kind & 15] = table;
  }
}

function readQuantizationTables(reader: ByteReader, {offset, length}: JpegSegment, tables: Tables): void {
  for (let at = offset; at < offset + length; ) {
    const kind = reader.u8(at++);
    const bytes = kind >> 4 === 0 ? 1 : 2;
    if (kind >> 4 > 1 || (kind & 15) > 3 || at + BLOCK * bytes > offset + length)
      throw corrupt('JPEG', 'a quantization table is not possible');
    const table = new Uint16Array(BLOCK);
    for (let k = 0; k < BLOCK; k++, at += bytes) table[ZIGZAG[k]] = bytes === 1 ? reader.u8(at) : reader.u16(at);
    tables.quantization[kind & 15] = table;
  }
}
