/** EfficientNet (Tan & Le 2019, arXiv:1905.11946) as in timm. */
import type {Value} from '../../onnx/types.ts';
import type {Layers} from '../layers/layers.ts';
import {type Common, invertedResiduals, type Stage} from './inverted-residual.ts';

const ROWS: readonly Stage[] = [
  {repeats: 1, kernel: 3, stride: 1, expand: 1, filters: 16},
  {repeats: 2, kernel: 3, stride: 2, expand: 6, filters: 24},
  {repeats: 2, kernel: 5, stride: 2, expand: 6, filters: 40},
  {repeats: 3, kernel: 3, stride: 2, expand: 6, filters: 80},
  {repeats: 3, kernel: 5, stride: 1, expand: 6, filters: 112},
  {repeats: 4, kernel: 5, stride: 2, expand: 6, filters: 192},
  {repeats: 1, kernel: 3, stride: 1, expand: 6, filters: 320},
];
const FEATURES = 1280;

function head(layers: Layers, x: Value, {of}: Common): Value {
  return layers.globalAveragePool(layers.convolution('conv_head', x, of('bn2', {filters: FEATURES, kernel: 1})));
}

export const efficientnetB0 = invertedResiduals({
  summary: 'EfficientNet-B0, 4 million parameters',
  stem: 32,
  stages: ROWS.map((row) => [{...row, squeeze: true}]),
  activation: 'silu',
  // A quarter of the block's input, whatever it is expanded to.
  reduced: (input) => input / 4,
  squeeze: {activation: 'silu', gate: 'sigmoid'},
  head,
});

/** Without squeeze and excitation, with activations that are bounded: made for 8 bits. Trained with TensorFlow. */
export const efficientnetLite0 = invertedResiduals({
  summary: 'EfficientNet-Lite0, 3.4 million parameters: made for 8 bits',
  stem: 32,
  stages: ROWS.map((row) => [row]),
  activation: 'relu6',
  padding: 'same',
  epsilon: 1e-3,
  normalization: {mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5]},
  head,
});
