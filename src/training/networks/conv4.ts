import {classify, type Network} from './network.ts';

const FILTERS = [32, 48, 64, 88];

/**
 * Four 3x3 convolutions of stride 2 over blocks of 2 x 2 pixels. The blocks make the first convolution one of 6 x 6
 * pixels and stride 4, so the large pictures at the beginning, which cost most of the time in training, are not there.
 */
export const conv4: Network = {
  summary: 'four strided 3x3 convolutions, 96,525 parameters for 5 labels: small and fast',
  build(layers, image, head) {
    let x = layers.pixels(image, 2);
    FILTERS.forEach((filters, i) => {
      x = layers.convolution(`conv${i + 1}`, x, {filters, kernel: 3, stride: 2});
    });
    return classify(layers, x, head);
  },
};
