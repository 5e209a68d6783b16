import {classify, type Network} from './network.ts';

/** Filters and stride of each depthwise-separable block. */
const BLOCKS = [
  [32, 2],
  [48, 2],
  [64, 1],
  [96, 2],
  [128, 1],
] as const;

/**
 * Depthwise-separable convolutions after MobileNet (Howard et al. 2017, arXiv:1704.04861): a 3x3 convolution per channel,
 * then a 1x1 convolution over the channels. Few multiplications, for small devices.
 */
export const mobilenet: Network = {
  summary: 'depthwise-separable convolutions after MobileNet, few multiplications',
  build(layers, image, options) {
    let x = layers.convolution('stem', layers.pixels(image), {filters: 16, kernel: 3, stride: 2});
    BLOCKS.forEach(([filters, stride], i) => {
      const channels = x.shape[1] as number;
      const name = `block${i + 1}`;
      x = layers.convolution(`${name}.depthwise`, x, {
        filters: channels,
        kernel: 3,
        stride,
        depthwise: true,
        activation: 'relu6',
      });
      x = layers.convolution(`${name}.pointwise`, x, {filters, kernel: 1, activation: 'relu6'});
    });
    return classify(layers, x, options);
  },
};
