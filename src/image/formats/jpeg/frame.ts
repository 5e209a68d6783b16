import type {ByteReader} from '../bytes.ts';
import {corrupt, unsupported} from '../bytes.ts';
import type {JpegSegment} from './segments.ts';

export interface JpegComponent {
  id: number;
  /** Sampling factors, 1 to 4; both 1 where it is the only one, since nothing depends on them then. */
  h: number;
  v: number;
  /** Number of its quantization table. */
  table: number;
}

/** What a start-of-frame segment says (ITU-T T.81, section B.2.2). */
export interface JpegFrame {
  width: number;
  height: number;
  progressive: boolean;
  components: JpegComponent[];
}

/** What a start-of-scan segment says (section B.2.3). */
export interface JpegScan {
  /** Positions among the frame's components, and numbers of their Huffman tables. */
  components: {index: number; dc: number; ac: number}[];
  /** First and last coefficient, in zigzag order. */
  first: number;
  last: number;
  /** The bit that earlier scans went down to, and the one that this scan goes to. */
  high: number;
  low: number;
  /** Where its entropy-coded data begin. */
  data: number;
}

/** What the start-of-frame markers stand for (table B.1); the first three are read. */
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
const PROGRESSIVE = 194;
const MOST_FACTOR = 4;
/** Blocks that the components may have together in one unit of a scan. */
const MOST_BLOCKS = 10;
const LAST_COEFFICIENT = 63;
const LOWEST_BIT = 13;

export function isFrame(code: number): boolean {
  return code in PROCESSES;
}

export function readFrame(reader: ByteReader, {code, offset, length}: JpegSegment): JpegFrame {
  if (code > LAST_READABLE) throw unsupported(`a JPEG that is ${PROCESSES[code]}`);
  const precision = reader.u8(offset);
  if (precision !== 8) throw unsupported(`a JPEG with ${precision} bits a sample`);
  const height = reader.u16(offset + 1);
  const width = reader.u16(offset + 3);
  const count = reader.u8(offset + 5);
  if (count !== 1 && count !== 3 && count !== 4) throw unsupported(`a JPEG with ${count} colors`);
  if (length !== 6 + 3 * count) throw corrupt('JPEG', 'its frame does not tell of all colors');
  const components = Array.from({length: count}, (_, i) => readComponent(reader, offset + 6 + 3 * i, count));
  return {width, height, progressive: code === PROGRESSIVE, components};
}

function readComponent(reader: ByteReader, at: number, count: number): JpegComponent {
  const [id, factors, table] = [reader.u8(at), reader.u8(at + 1), reader.u8(at + 2)];
  const [h, v] = [factors >> 4, factors & 15];
  if (h < 1 || v < 1 || h > MOST_FACTOR || v > MOST_FACTOR) throw corrupt('JPEG', `a color has ${h} x ${v} samples`);
  return {id, table, ...(count === 1 ? {h: 1, v: 1} : {h, v})};
}

export function readScan(reader: ByteReader, {offset, length}: JpegSegment, frame: JpegFrame): JpegScan {
  const count = reader.u8(offset);
  if (count < 1 || count > frame.components.length || length !== 4 + 2 * count)
    throw corrupt('JPEG', `a scan has ${count} colors`);
  const components: JpegScan['components'] = [];
  for (let i = 0; i < count; i++) {
    const id = reader.u8(offset + 1 + 2 * i);
    const tables = reader.u8(offset + 2 + 2 * i);
    // Some writers give two colors the same name: their order tells which is which.
    const index = frame.components.findIndex(
      (component, position) => component.id === id && components.every((other) => other.index !== position),
    );
    if (index === -1) throw corrupt('JPEG', 'a scan has a color that the frame has not');
    components.push({index, dc: tables >> 4, ac: tables & 15});
  }
  const blocks = components.reduce((sum, {index}) => sum + frame.components[index].h * frame.components[index].v, 0);
  if (count > 1 && blocks > MOST_BLOCKS) throw corrupt('JPEG', `a scan has ${blocks} blocks a unit`);
  const at = offset + 1 + 2 * count;
  const [first, last, bits] = [reader.u8(at), reader.u8(at + 1), reader.u8(at + 2)];
  const scan = {components, first, last, high: bits >> 4, low: bits & 15, data: offset + length};
  // Sequential frames have but one way; some writers leave these numbers out.
  if (!frame.progressive) return {...scan, first: 0, last: LAST_COEFFICIENT, high: 0, low: 0};
  if (!isPossible(scan)) throw corrupt('JPEG', 'a scan is of coefficients that do not exist');
  return scan;
}

/** Section G.1.1.1: constants and other coefficients apart, these of one color each, and one bit more at a time. */
function isPossible({components, first, last, high, low}: JpegScan): boolean {
  const spectrum = first === 0 ? last === 0 : first <= last && last <= LAST_COEFFICIENT && components.length === 1;
  return spectrum && low <= LOWEST_BIT && (high === 0 || high === low + 1);
}
