import {classify, type Network} from './network.ts';

const FILTERS = [48, 64, 96];

/** A convolution that cuts the picture into patches of 4 x 4, then three strided 3x3 convolutions. */
export const patch4: Network = {
  summary: 'x',
  build(layers, pixels, head) {
    let x = layers.convolution('patches', pixels, {filters: 32, kernel: 4, stride: 4});
    FILTERS.forEach((filters, i) => {
      x = layers.convolution(`conv${i + 1}`, x, {filters, kernel: 3, stride: 2});
    });
    return classify(layers, x, head);
  },
};
