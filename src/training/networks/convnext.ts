import type {Value} from '../../onnx/types.ts';
import type {Layers} from '../layers/layers.ts';
import {IMAGENET} from '../layers/pixels.ts';
import {classifyFeatures, type Network} from './network.ts';

interface ConvNextOptions {
  summary: string;
  widths: readonly number[];
  /** Blocks of each stage. */
  blocks: readonly number[];
}

const EPSILON = 1e-6;
const EXPANSION = 4;
const INITIAL_SCALE = 1e-6;

/** ConvNeXt (Liu et al. 2022, arXiv:2201.03545), with the names of timm. */
function convnext({summary, widths, blocks}: ConvNextOptions): Network {
  return {
    summary,
    parts: {block: /^stages\.\d+\.(blocks\.\d+|downsample)\./, classifier: 'head.fc'},
    build(layers, image, options) {
      const pixels = layers.normalizedPixels(image, options.normalization ?? IMAGENET);
      const patches = layers.biasedConvolution('stem.0', pixels, {filters: widths[0], kernel: 4, stride: 4});
      let x = layers.layerNorm('stem.1', patches, EPSILON);
      widths.forEach((width, stage) => {
        if (stage > 0) x = downsample(layers, `stages.${stage}.downsample`, x, width);
        for (let i = 0; i < blocks[stage]; i++) x = block(layers, `stages.${stage}.blocks.${i}`, x);
      });
      const features = layers.layerNorm('head.norm', layers.globalAveragePool(x), EPSILON);
      return classifyFeatures(layers, features, options, 'head.fc');
    },
  };
}

function downsample(layers: Layers, name: string, x: Value, filters: number): Value {
  const normalized = layers.layerNorm(`${name}.0`, x, EPSILON);
  return layers.biasedConvolution(`${name}.1`, normalized, {filters, kernel: 2, stride: 2});
}

function block(layers: Layers, name: string, x: Value): Value {
  const channels = x.shape[1] as number;
  const deep = layers.biasedConvolution(`${name}.conv_dw`, x, {filters: channels, kernel: 7, depthwise: true});
  const normalized = layers.layerNorm(`${name}.norm`, deep, EPSILON);
  const wide = {filters: EXPANSION * channels, kernel: 1};
  const hidden = layers.activation(layers.biasedConvolution(`${name}.mlp.fc1`, normalized, wide), 'gelu');
  const narrow = layers.biasedConvolution(`${name}.mlp.fc2`, hidden, {filters: channels, kernel: 1});
  return layers.residual(x, layers.layerScale(`${name}.gamma`, narrow, INITIAL_SCALE));
}

export const convnextAtto = convnext({
  summary: 'ConvNeXt-Atto, 3.4 million parameters',
  widths: [40, 80, 160, 320],
  blocks: [2, 2, 6, 2],
});
