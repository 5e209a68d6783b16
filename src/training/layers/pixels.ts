import type {Graph} from '../../onnx/graph.ts';
import {ELEMENT_TYPE} from '../../onnx/tensor.ts';
import type {Value} from '../../onnx/types.ts';
import {channelsFirst} from '../operators/channels-last.ts';

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
  const [batch, , width] = image.shape;
  const factors = std.map((value) => 1 / (255 * value));
  const shifts = mean.map((value, i) => value / std[i]);
  // Batches of a known size are those of a training step, which unfolds pixels as they lie. A whole row of numbers is multiplied many
  // times faster than three.
  const last = typeof batch === 'number' && typeof width === 'number';
  const perChannel = (values: number[]): Value =>
    last
      ? graph.constant(
          Float32Array.from({length: 3 * width}, (_, i) => values[i % 3]),
          [width, 3],
        )
      : graph.constant(Float32Array.from(values), [3, 1, 1]);
  const levels = last ? graph.node('Cast', [image], {to: ELEMENT_TYPE.float32}) : pixelsOf(graph, image);
  const scaled = graph.node('Mul', [levels, perChannel(factors)]);
  const normalized = graph.node('Sub', [scaled, perChannel(shifts)]);
  return last ? channelsFirst(graph, normalized) : normalized;
}
