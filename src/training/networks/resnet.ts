import type {Value} from '../../onnx/types.ts';
import type {Layers} from '../layers/layers.ts';
import {IMAGENET} from '../layers/pixels.ts';
import {classify, type Network} from './network.ts';

interface ResNetOptions {
  summary: string;
  /** Blocks of each stage. */
  blocks: readonly number[];
  /** Bottlenecks have four times as many channels as their 3x3 convolution. */
  bottleneck: boolean;
}

const WIDTHS = [64, 128, 256, 512];
const EXPANSION = 4;

/** ResNet (He et al. 2016, arXiv:1512.03385), with the stride in the 3x3 convolution, and the names of timm and torchvision. */
function resnet({summary, blocks, bottleneck}: ResNetOptions): Network {
  return {
    summary,
    parts: {block: /^layer\d+\.\d+\./, classifier: 'fc'},
    build(layers, image, options) {
      const pixels = layers.normalizedPixels(image, options.normalization ?? IMAGENET);
      const stem = layers.convolution('conv1', pixels, {filters: 64, kernel: 7, stride: 2, norm: {name: 'bn1'}});
      let x = layers.maxPool(stem, {kernel: 3, stride: 2, padding: 1});
      WIDTHS.forEach((width, stage) => {
        for (let i = 0; i < blocks[stage]; i++) {
          const stride = stage > 0 && i === 0 ? 2 : 1;
          x = (bottleneck ? bottleneckBlock : basicBlock)(layers, `layer${stage + 1}.${i}`, x, width, stride);
        }
      });
      return classify(layers, x, options, 'fc');
    },
  };
}

export const resnet18 = resnet({
  summary: 'ResNet-18, 11.2 million parameters: for a GPU',
  blocks: [2, 2, 2, 2],
  bottleneck: false,
});

export const resnet50 = resnet({
  summary: 'ResNet-50, 23.5 million parameters: for a GPU',
  blocks: [3, 4, 6, 3],
  bottleneck: true,
});

function basicBlock(layers: Layers, name: string, x: Value, width: number, stride: number): Value {
  const first = layers.convolution(`${name}.conv1`, x, {
    filters: width,
    kernel: 3,
    stride,
    norm: {name: `${name}.bn1`},
  });
  const second = layers.convolution(`${name}.conv2`, first, {
    filters: width,
    kernel: 3,
    activation: 'none',
    norm: {name: `${name}.bn2`},
  });
  return layers.activation(layers.residual(shortcut(layers, name, x, width, stride), second), 'relu');
}

function bottleneckBlock(layers: Layers, name: string, x: Value, width: number, stride: number): Value {
  const filters = EXPANSION * width;
  const first = layers.convolution(`${name}.conv1`, x, {filters: width, kernel: 1, norm: {name: `${name}.bn1`}});
  const second = layers.convolution(`${name}.conv2`, first, {
    filters: width,
    kernel: 3,
    stride,
    norm: {name: `${name}.bn2`},
  });
  const third = layers.convolution(`${name}.conv3`, second, {
    filters,
    kernel: 1,
    activation: 'none',
    norm: {name: `${name}.bn3`},
  });
  return layers.activation(layers.residual(shortcut(layers, name, x, filters, stride), third), 'relu');
}

/** The input itself, or a 1x1 convolution of it if the shape changes. */
function shortcut(layers: Layers, name: string, x: Value, filters: number, stride: number): Value {
  if (stride === 1 && x.shape[1] === filters) return x;
  return layers.convolution(`${name}.downsample.0`, x, {
    filters,
    kernel: 1,
    stride,
    activation: 'none',
    norm: {name: `${name}.downsample.1`},
  });
}
