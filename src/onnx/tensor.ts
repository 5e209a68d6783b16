/** Element types and constant tensors. */
import type {TensorProto} from './schema.ts';

export type DataType = 'float32' | 'uint8' | 'int8' | 'int32' | 'int64' | 'bool' | 'float16';
export type TensorData = Float32Array | Uint8Array | Int8Array | Int32Array | BigInt64Array;

/** The numbers of TensorProto.DataType in onnx.proto. */
export const ELEMENT_TYPE: Record<DataType, number> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
};

/** A constant tensor for a model file, as little-endian bytes. */
export function tensorProto(name: string, data: TensorData, shape: readonly number[]): TensorProto {
  const count = shape.reduce((product, size) => product * size, 1);
  if (count !== data.length) throw new RangeError(`${name}: ${data.length} elements do not fill the shape [${shape}]`);
  const rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return {name, dims: [...shape], dataType: ELEMENT_TYPE[dataTypeOf(data)], rawData};
}

export function dataTypeOf(data: TensorData): DataType {
  if (data instanceof Float32Array) return 'float32';
  if (data instanceof Int8Array) return 'int8';
  if (data instanceof Int32Array) return 'int32';
  if (data instanceof BigInt64Array) return 'int64';
  return 'uint8';
}
