import {parseHeaderJson} from './header-json.ts';

/** Bytes per element. Types of less than a byte are not listed: no weights of these networks have them. */
const DTYPE_BYTES: Record<string, number> = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E5M2: 1,
  F8_E4M3: 1,
  F8_E8M0: 1,
  I16: 2,
  U16: 2,
  F16: 2,
  BF16: 2,
  I32: 4,
  U32: 4,
  F32: 4,
  I64: 8,
  U64: 8,
  F64: 8,
  C64: 8,
};

const LENGTH_BYTES = 8;
/** The longest header that the format allows. */
const MAX_HEADER = 100_000_000;

export interface HeaderEntry {
  name: string;
  dtype: string;
  shape: number[];
  /** Where its bytes begin and end, from the start of the file. */
  begin: number;
  end: number;
}

export interface SafetensorsHeader {
  entries: HeaderEntry[];
  metadata: Map<string, string>;
}

/**
 * Reads the header of a safetensors file: 8 bytes with the length of the JSON behind them, little-endian, then the JSON. Every
 * byte after it belongs to exactly one tensor.
 *
 * @throws Error with the reason, which begins like "its header ..."
 */
export function readHeader(bytes: Uint8Array): SafetensorsHeader {
  const start = LENGTH_BYTES + headerLength(bytes);
  const json = parseHeaderJson(decode(bytes.subarray(LENGTH_BYTES, start)));
  const {__metadata__: metadata = {}, ...tensors} = json;
  const entries = Object.entries(tensors).map(([name, value]) => readEntry(name, value, start));
  checkCover(entries, start, bytes.length);
  return {entries, metadata: readMetadata(metadata)};
}

function headerLength(bytes: Uint8Array): number {
  if (bytes.length < LENGTH_BYTES) throw new Error(`it has only ${bytes.length} bytes`);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (length > MAX_HEADER) throw new Error(`its header would have ${length} bytes`);
  if (length > bytes.length - LENGTH_BYTES) throw new Error('it ends within its header');
  return length;
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(bytes);
  } catch (error) {
    throw new Error('its header is not UTF-8', {cause: error});
  }
}

function readEntry(name: string, value: unknown, start: number): HeaderEntry {
  const fail = (reason: string) => new Error(`the tensor ${JSON.stringify(name)} ${reason}`);
  // Names become keys of objects elsewhere.
  if (name === '' || name === '__proto__') throw fail('has a forbidden name');
  if (!isObject(value) || Object.keys(value).sort().join() !== 'data_offsets,dtype,shape')
    throw fail('is not described by dtype, shape and data_offsets alone');
  const {dtype, shape, data_offsets: offsets} = value;
  if (typeof dtype !== 'string' || !Object.hasOwn(DTYPE_BYTES, dtype))
    throw fail(`has the unknown type ${JSON.stringify(dtype)}`);
  if (!isSizes(shape)) throw fail('has an invalid shape');
  if (!isSizes(offsets) || offsets.length !== 2) throw fail('has invalid offsets');
  const [begin, end] = offsets;
  const size = shape.reduce((product, length) => product * length, DTYPE_BYTES[dtype]);
  if (!Number.isSafeInteger(size) || end - begin !== size)
    throw fail(`has ${end - begin} bytes, but ${dtype} [${shape}] takes ${size}`);
  return {name, dtype, shape, begin: start + begin, end: start + end};
}

function readMetadata(value: unknown): Map<string, string> {
  if (!isObject(value)) throw new Error('its __metadata__ is not an object');
  const entries = Object.entries(value);
  const other = entries.find(([, text]) => typeof text !== 'string');
  if (other) throw new Error(`its __metadata__ has ${JSON.stringify(other[0])}, which is not text`);
  return new Map(entries as [string, string][]);
}

/** Checks that the tensors follow each other without a hole, and end with the file. */
function checkCover(entries: HeaderEntry[], start: number, end: number): void {
  const sorted = entries.toSorted((a, b) => a.begin - b.begin || a.end - b.end);
  let position = start;
  for (const {name, begin, end: next} of sorted) {
    if (begin < position) throw new Error(`the tensor ${JSON.stringify(name)} overlaps the one before it`);
    if (begin > position)
      throw new Error(`nothing describes the ${begin - position} bytes before ${JSON.stringify(name)}`);
    position = next;
  }
  if (position > end) throw new Error(`it has ${end} bytes instead of ${position}`);
  if (position < end) throw new Error(`nothing describes its last ${end - position} bytes`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}
