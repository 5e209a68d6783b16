import type {Tensor} from 'onnxruntime-node';

/** The rows of a float32 matrix, as views into it. */
export function rowsOf(tensor: Tensor, columns: number): Float32Array[] {
  const data = tensor.data as Float32Array;
  return Array.from({length: data.length / columns}, (_, row) => data.subarray(row * columns, (row + 1) * columns));
}
