import type {WeightTensor} from '../weights.ts';
import {toFloat32} from './to-float32.ts';
import type {TorchStorage, TorchTensor} from './torch-objects.ts';

/**
 * How many times the elements of the storages all tensors together may have. Tensors share storages where weights are tied;
 * thousands of views of one storage would take all memory.
 */
const MAX_SHARING = 4;

/**
 * Reads the tensors of floating point numbers, each into row-major memory of its own. Integers are left out.
 *
 * @param read the bytes of a storage, valid until the next call
 * @throws Error with the reason
 */
export function readTensors(
  tensors: ReadonlyMap<string, TorchTensor>,
  read: (storage: TorchStorage) => Uint8Array,
): Map<string, WeightTensor> {
  const weights = [...tensors].filter(([, {storage}]) => storage.type.float !== undefined);
  checkSizes(weights);
  const data = new Map<string, Float32Array>();
  // Storage by storage, so that each is read once.
  for (const [storage, views] of byStorage(weights)) {
    const bytes = read(storage);
    if (bytes.length !== storage.elements * storage.type.bytes)
      throw new Error(`its storage ${JSON.stringify(storage.key)} has ${bytes.length} bytes`);
    for (const [name, tensor] of views) data.set(name, readView(bytes, tensor));
  }
  return new Map(weights.map(([name, {shape}]) => [name, {shape, data: data.get(name)!}]));
}

type Named = [name: string, tensor: TorchTensor];

function byStorage(weights: Named[]): Map<TorchStorage, Named[]> {
  const groups = new Map<TorchStorage, Named[]>();
  for (const named of weights) {
    const {storage} = named[1];
    const views = groups.get(storage);
    if (views) views.push(named);
    else groups.set(storage, [named]);
  }
  return groups;
}

function checkSizes(weights: Named[]): void {
  let elements = 0;
  for (const [name, tensor] of weights) {
    const size = count(tensor.shape);
    const end = tensor.offset + extent(tensor);
    // A view of more elements than there are repeats some, as `expand` does: no weights of a file are like that.
    if (!(size <= tensor.storage.elements && end <= tensor.storage.elements))
      throw new Error(`the tensor ${JSON.stringify(name)} reaches beyond its storage`);
    elements += size;
  }
  const available = [...byStorage(weights).keys()].reduce((sum, storage) => sum + storage.elements, 0);
  if (elements > MAX_SHARING * available) throw new Error('its tensors share storages many times over');
}

/** Elements from the first of a view to the last, inclusive. */
function extent({shape, strides}: TorchTensor): number {
  if (count(shape) === 0) return 0;
  return 1 + shape.reduce((sum, size, axis) => sum + (size - 1) * strides[axis], 0);
}

function count(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

function readView(bytes: Uint8Array, tensor: TorchTensor): Float32Array {
  const {storage, offset, shape, strides} = tensor;
  const {bytes: size, float} = storage.type;
  const flat = toFloat32(bytes.subarray(offset * size, (offset + extent(tensor)) * size), float!);
  return isContiguous(shape, strides) ? flat : gather(flat, shape, strides);
}

function isContiguous(shape: readonly number[], strides: readonly number[]): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== expected) return false;
    expected *= shape[axis];
  }
  return true;
}

/** Puts a strided view into row-major order. */
function gather(flat: Float32Array, shape: readonly number[], strides: readonly number[]): Float32Array {
  const result = new Float32Array(count(shape));
  const index = shape.map(() => 0);
  let position = 0;
  for (let i = 0; i < result.length; i++) {
    result[i] = flat[position];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      position += strides[axis];
      if (++index[axis] < shape[axis]) break;
      position -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return result;
}
