import {byCodePoint} from '../../common/code-point-order.ts';
import {RiceError} from '../../common/errors.ts';
import type {WeightTensor} from '../weights.ts';
import {type HeaderEntry, readHeader} from './safetensors-header.ts';
import {type FloatType, toFloat32} from './to-float32.ts';

const FLOATS: Record<string, FloatType> = {F64: 'float64', F32: 'float32', F16: 'float16', BF16: 'bfloat16'};

/** Counters and masks, such as `num_batches_tracked`. */
const NOT_WEIGHTS = /^(BOOL|[UI]\d+)$/;

export interface Safetensors {
  /** The tensors of floating point numbers, in the order of the header; integers are left out. */
  tensors: Map<string, WeightTensor>;
  metadata: Map<string, string>;
}

/**
 * Reads a safetensors file (github.com/huggingface/safetensors) strictly: a file that two readers could understand differently
 * is refused.
 *
 * @param name the file, for messages
 * @throws RiceError WEIGHTS_INVALID
 */
export function readSafetensors(bytes: Uint8Array, name: string): Safetensors {
  try {
    const {entries, metadata} = readHeader(bytes);
    const weights = entries.filter(({dtype}) => !NOT_WEIGHTS.test(dtype));
    return {tensors: new Map(weights.map((entry) => [entry.name, readTensor(bytes, entry)])), metadata};
  } catch (error) {
    const {message} = error as Error;
    throw new RiceError('WEIGHTS_INVALID', `${name} is not a valid safetensors file: ${message}`, {cause: error});
  }
}

function readTensor(bytes: Uint8Array, {name, dtype, shape, begin, end}: HeaderEntry): WeightTensor {
  const type = FLOATS[dtype];
  if (type === undefined) throw new Error(`the tensor ${JSON.stringify(name)} has the type ${dtype}`);
  return {shape, data: toFloat32(bytes.subarray(begin, end), type)};
}

/**
 * Writes float32 tensors as a safetensors file, byte for byte as the official library does: sorted by name, the header
 * filled with spaces to a multiple of 8. The metadata are sorted as well, which the library leaves to chance.
 */
export function writeSafetensors(
  tensors: ReadonlyMap<string, WeightTensor>,
  metadata: ReadonlyMap<string, string> = new Map(),
): Uint8Array {
  const sorted = [...tensors].sort(([a], [b]) => byCodePoint(a, b));
  const fields: string[] = [];
  if (metadata.size > 0) fields.push(`"__metadata__":{${describeMetadata(metadata)}}`);
  let offset = 0;
  for (const [name, {shape, data}] of sorted) {
    const end = offset + data.byteLength;
    fields.push(`${JSON.stringify(name)}:${JSON.stringify({dtype: 'F32', shape, data_offsets: [offset, end]})}`);
    offset = end;
  }
  const json = Buffer.from(`{${fields.join()}}`);
  const length = Math.ceil(json.length / 8) * 8;
  const file = Buffer.alloc(8 + length + offset, ' ');
  file.writeBigUInt64LE(BigInt(length));
  file.set(json, 8);
  let position = 8 + length;
  for (const [, {data}] of sorted) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), position);
    position += data.byteLength;
  }
  return file;
}

function describeMetadata(metadata: ReadonlyMap<string, string>): string {
  const sorted = [...metadata].sort(([a], [b]) => byCodePoint(a, b));
  return sorted.map((field) => field.map((text) => JSON.stringify(text)).join(':')).join();
}
