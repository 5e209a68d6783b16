/**
 * Networks of inverted residuals (Sandler et al. 2018, arXiv:1801.04381): a 1x1 convolution to more channels, a depthwise one, and
 * a 1x1 convolution back to few. Names as in timm.
 */
import type {Value} from '../../onnx/types.ts';
import type {Activation, ConvolutionOptions, Layers} from '../layers/layers.ts';
import {IMAGENET, type PixelNormalization} from '../layers/pixels.ts';
import {type BuildOptions, classifyFeatures, type Network, type NetworkOutputs} from './network.ts';

/** A row of such a network's table: `repeats` blocks, of which the first has the stride. */
export interface Stage {
  repeats: number;
  kernel: number;
  stride: number;
  /** How many times as many channels the depthwise convolution has; of 1 there is no convolution before it. */
  expand: number;
  filters: number;
  /** Whether blocks have squeeze and excitation. */
  squeeze?: boolean;
  /** That of the network by default. */
  activation?: Activation;
}

export interface InvertedResidualOptions {
  summary: string;
  stem: number;
  /** Rows that share a number are stages of timm with several rows. */
  stages: readonly (readonly Stage[])[];
  activation: Activation;
  /** TensorFlow's padding, as in networks that were trained with it. */
  padding?: 'same';
  epsilon?: number;
  normalization?: PixelNormalization;
  /** Squeeze and excitation: how many channels the means are reduced to. */
  reduced?: (input: number, expanded: number) => number;
  squeeze?: {activation: Activation; gate: 'sigmoid' | 'hardSigmoid'};
  /** From the last block to the features. */
  head(layers: Layers, x: Value, common: Common): Value;
}

/** What all convolutions of a network have in common. */
export interface Common {
  activation: Activation;
  of(name: string, options: Omit<ConvolutionOptions, 'norm'>): ConvolutionOptions;
}

export function invertedResiduals(options: InvertedResidualOptions): Network {
  const {summary, stem, stages, activation, padding, epsilon, normalization = IMAGENET} = options;
  const common: Common = {
    activation,
    of: (name, convolution) => ({
      activation,
      ...convolution,
      ...(padding ? {padding} : {}),
      norm: {name, ...(epsilon === undefined ? {} : {epsilon})},
    }),
  };
  return {
    summary,
    parts: {block: /^blocks\.\d+\.\d+\./, classifier: 'classifier'},
    build(layers: Layers, image: Value, build: BuildOptions): NetworkOutputs {
      const pixels = layers.normalizedPixels(image, build.normalization ?? normalization);
      let x = layers.convolution('conv_stem', pixels, common.of('bn1', {filters: stem, kernel: 3, stride: 2}));
      stages.forEach((rows, number) => {
        let place = 0;
        for (const row of rows) {
          for (let i = 0; i < row.repeats; i++) {
            const stage = {...row, stride: i === 0 ? row.stride : 1};
            x = block(layers, `blocks.${number}.${place++}`, x, stage, options, common);
          }
        }
      });
      return classifyFeatures(layers, options.head(layers, x, common), build);
    },
  };
}

function block(
  layers: Layers,
  name: string,
  x: Value,
  {kernel, stride, expand, filters, squeeze, activation}: Stage,
  options: InvertedResidualOptions,
  common: Common,
): Value {
  const input = x.shape[1] as number;
  const own = activation ?? common.activation;
  const layer = (layer: string, norm: string, from: Value, convolution: Omit<ConvolutionOptions, 'norm'>): Value =>
    layers.convolution(`${name}.${layer}`, from, common.of(`${name}.${norm}`, {activation: own, ...convolution}));
  // Filters are rounded to a multiple of 8, as in the paper's own code.
  const expanded = expand === 1 ? input : roundTo8(input * expand);
  const names = expand === 1 ? ['', 'bn1', 'conv_pw', 'bn2'] : ['bn1', 'bn2', 'conv_pwl', 'bn3'];
  const wide = expand === 1 ? x : layer('conv_pw', names[0], x, {filters: expanded, kernel: 1});
  const deep = layer('conv_dw', names[1], wide, {filters: expanded, kernel, stride, depthwise: true});
  const {reduced = (_, width) => roundTo8(width / 4), squeeze: squeezing} = options;
  const gated =
    squeeze && squeezing
      ? layers.squeezeExcite(`${name}.se`, deep, {reduced: reduced(input, expanded), ...squeezing})
      : deep;
  const narrow = layer(names[2], names[3], gated, {filters, kernel: 1, activation: 'none'});
  return stride === 1 && input === filters ? layers.residual(x, narrow) : narrow;
}

/** The multiple of 8 that is nearest, but not less than nine tenths. */
function roundTo8(channels: number): number {
  const rounded = Math.max(8, Math.floor((channels + 4) / 8) * 8);
  return rounded < 0.9 * channels ? rounded + 8 : rounded;
}
