import type {Graph} from '../../onnx/graph.ts';
import {ELEMENT_TYPE} from '../../onnx/tensor.ts';
import type {Value} from '../../onnx/types.ts';

/** Mean and standard deviation of red, green and blue, in units of the full brightness. */
export interface PixelNormalization {
  mean: readonly [number, number, number];
  std: readonly [number, number, number];
}

/** Of ImageNet's pictures, with which most networks were trained. */
export const IMAGENET: PixelNormalization = {mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225]};

/**
 * Prepared windows, uint8 [N, H, W, 3], as numbers from 0 to 255: float32 [N, 3, H, W]. They need no scaling where a network
 * begins with a batch-normalized convolution. Transposing before the cast is fastest in onnxruntime.
 */
export function pixelsOf(graph: Graph, image: Value): Value {
  const channelsFirst = graph.node('Transpose', [image], {perm: [0, 3, 1, 2]});
  return graph.node('Cast', [channelsFirst], {to: ELEMENT_TYPE.float32});
}

/** (x / 255 - mean) / std of each channel: float32 [N, 3, H, W]. */
export function normalizedPixelsOf(graph: Graph, image: Value, {mean, std}: PixelNormalization): Value {
  const column = (values: number[]): Value => graph.constant(Float32Array.from(values), [3, 1, 1]);
  const scaled = graph.node('Mul', [pixelsOf(graph, image), column(std.map((value) => 1 / (255 * value)))]);
  return graph.node('Sub', [scaled, column(mean.map((value, i) => value / std[i]))]);
}
