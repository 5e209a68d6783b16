import type {WindowSize} from '../window/canvas.ts';

/** The order of a batch's axes: batch, channels, rows, columns; or batch, rows, columns, channels. */
export const LAYOUTS = ['nchw', 'nhwc'] as const;
export type Layout = (typeof LAYOUTS)[number];

export const CHANNEL_ORDERS = ['rgb', 'bgr'] as const;
export type ChannelOrder = (typeof CHANNEL_ORDERS)[number];

/** One number per channel, in the model's channel order. */
export type PerChannel = readonly [number, number, number];

/** How levels become the network's input values: (level * range / 255 - mean) / std. */
export interface TensorFormat extends WindowSize {
  layout: Layout;
  channels: ChannelOrder;
  /** The value of level 255 before mean and std. */
  range: 1 | 255;
  mean: PerChannel;
  std: PerChannel;
}

/** Writes a window (RGB interleaved, row-major) to position `index` of the batch. */
export type TensorWriter = (window: Uint8Array, batch: Float32Array, index: number) => void;

/** A writer for one format, with a lookup table of 256 values per channel. */
export function tensorWriter(format: TensorFormat): TensorWriter {
  const {width, height, layout} = format;
  const pixels = width * height;
  const source = format.channels === 'rgb' ? [0, 1, 2] : [2, 1, 0];
  const numbers = source.map((_, channel) => numbersOf(format, channel));
  return (window, batch, index) => {
    for (let channel = 0; channel < 3; channel++) {
      const of = numbers[channel];
      const start = index * pixels * 3;
      const step = layout === 'nchw' ? 1 : 3;
      let target = start + (layout === 'nchw' ? channel * pixels : channel);
      for (let i = source[channel]; i < pixels * 3; i += 3, target += step) batch[target] = of[window[i]];
    }
  };
}

function numbersOf({range, mean, std}: TensorFormat, channel: number): Float32Array {
  return Float32Array.from({length: 256}, (_, level) => ((level * range) / 255 - mean[channel]) / std[channel]);
}
