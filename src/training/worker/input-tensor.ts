import type {Tensor} from 'onnxruntime-node';
import type {Manifest} from '../artifact/manifest.ts';

/** The input of a graph for a number of pictures: their windows as `image`, or their features. */
export function inputTensor(
  TensorClass: typeof Tensor,
  {input: {height, width}, features}: Pick<Manifest, 'input' | 'features'>,
  values: Uint8Array | Float32Array,
  count: number,
): Record<string, Tensor> {
  if (features) {
    const rows = (values as Float32Array).subarray(0, count * features.length);
    return {features: new TensorClass('float32', rows, [count, features.length])};
  }
  const windows = (values as Uint8Array).subarray(0, count * width * height * 3);
  return {image: new TensorClass('uint8', windows, [count, height, width, 3])};
}
