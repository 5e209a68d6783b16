import type {Value} from '../../onnx/types.ts';
import type {Layers} from '../layers/layers.ts';

/** What the network says of each pixel, in the order of its channels. */
export const FIELDS = ['dx', 'dy', 'mxx', 'mxy', 'myy', 'distance', 'boundary'] as const;

/** Mask, brightness, saturation: see `src/scanning/separation/network/input.ts`. */
export const INPUT_CHANNELS = 3;

/** Pixels of the working scale a side for which one set of fields is given. */
export const FIELD_STRIDE = 2;

/** Height and width must be multiples of this. */
export const SIZE_MULTIPLE = 4;

const FINE = 24;
const COARSE = 32;
/** At a quarter of the scale, where a grain is about 10 pixels long: together they see about 120 pixels of the full scale. */
const DILATIONS = [1, 2, 4, 4, 2, 1];

/**
 * Separates grains that touch or overlap: a small U-Net (Ronneberger et al. 2015, arXiv:1505.04597) with one step down, residual
 * pairs of dilated convolutions there, and one step up. From float32 [N, 3, H, W] to the fields float32 [N, 7, H / 2, W / 2].
 */
export function separationFields(layers: Layers, input: Value): Value {
  const stem = layers.convolution('stem', input, {filters: 16, kernel: 5, stride: FIELD_STRIDE});
  const fine = layers.convolution('fine', stem, {filters: FINE, kernel: 3});
  let coarse = layers.convolution('down', fine, {filters: COARSE, kernel: 3, stride: 2});
  for (let i = 0; i < DILATIONS.length; i += 2) {
    const block = layers.convolution(`coarse${i + 1}`, coarse, {
      filters: COARSE,
      kernel: 3,
      dilation: DILATIONS[i],
    });
    const second = layers.convolution(`coarse${i + 2}`, block, {
      filters: COARSE,
      kernel: 3,
      dilation: DILATIONS[i + 1],
      activation: 'none',
    });
    coarse = layers.activation(layers.residual(coarse, second), 'relu');
  }
  const raised = layers.convolution('up', coarse, {filters: 4 * FINE, kernel: 1, activation: 'none'});
  const joined = layers.activation(layers.residual(fine, layers.depthToSpace(raised, 2)), 'relu');
  const last = layers.convolution('last', joined, {filters: FINE, kernel: 3});
  return layers.project('fields', last, FIELDS.length);
}
