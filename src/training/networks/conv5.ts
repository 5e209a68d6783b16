import {classify, type Network} from './network.ts';

const FILTERS = [16, 32, 48, 64, 80];

/** Five 3x3 convolutions, each of which halves the picture: small, and fast wherever dense convolutions are. */
export const conv5: Network = {
  summary: 'five strided 3x3 convolutions, 93,477 parameters for 5 labels: small and fast',
  build(layers, pixels, head) {
    let x = pixels;
    FILTERS.forEach((filters, i) => {
      x = layers.convolution(`conv${i + 1}`, x, {filters, kernel: 3, stride: 2});
    });
    return classify(layers, x, head);
  },
};
