import type {Value} from '../../onnx/types.ts';
import type {Layers} from '../layers/layers.ts';
import type {PixelNetwork} from './pixel-network.ts';

const STEM = 12;
const FINE = 16;
const COARSE = 24;
/** At a quarter of the scale, where a grain is about 10 pixels long and its shadow a few. */
const DILATIONS = [1, 2, 4, 1];

/**
 * Tells grains from a bright ground and from their shadows on it: a small U-Net (Ronneberger et al. 2015, arXiv:1505.04597) with one
 * step down, residual pairs of dilated convolutions there, and one step up. From float32 [N, 3, H, W], how the light of each pixel
 * differs from the ground's, to logits float32 [N, 1, H, W].
 */
function build(layers: Layers, input: Value): Value {
  const stem = layers.convolution('stem', input, {filters: STEM, kernel: 5, stride: 2});
  const fine = layers.convolution('fine', stem, {filters: FINE, kernel: 3});
  let coarse = layers.convolution('down', fine, {filters: COARSE, kernel: 3, stride: 2});
  for (let i = 0; i < DILATIONS.length; i += 2) {
    const first = layers.convolution(`coarse${i + 1}`, coarse, {filters: COARSE, kernel: 3, dilation: DILATIONS[i]});
    const second = layers.convolution(`coarse${i + 2}`, first, {
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
  return layers.depthToSpace(layers.project('logits', last, 4), 2);
}

export const FOREGROUND: PixelNetwork = {name: 'foreground', inputs: 3, outputs: 1, stride: 1, build};
