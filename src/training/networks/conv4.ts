import {classify, type Network} from './network.ts';

/** Kernel, stride and filters of each convolution; the padding keeps the picture's size up to the stride. */
const CONVOLUTIONS = [
  {kernel: 6, stride: 4, padding: 2, filters: 32},
  {kernel: 3, stride: 2, filters: 48},
  {kernel: 3, stride: 2, filters: 64},
  {kernel: 3, stride: 2, filters: 88},
];

/**
 * Four convolutions, the first of 6 x 6 pixels and stride 4: this avoids the large feature maps of the first layers, which
 * take most of the training time.
 */
export const conv4: Network = {
  summary: 'four strided convolutions, 96,525 parameters for 5 labels: small and fast',
  build(layers, image, options) {
    let x = layers.pixels(image);
    CONVOLUTIONS.forEach((options, i) => {
      x = layers.convolution(`conv${i + 1}`, x, options);
    });
    return classify(layers, x, options);
  },
};
