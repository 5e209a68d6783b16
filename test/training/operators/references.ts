/** The operators once more, in float64 and as plain loops: what the graph's forward and gradient rules are held against. */

import type {ConvolutionAttributes} from '../../../src/training/operators/convolution-attributes.ts';
import type {PadAttributes} from '../../../src/training/operators/pad.ts';
import type {PoolAttributes} from '../../../src/training/operators/pooling.ts';
import {elementsOf} from '../../helpers/run-graph.ts';

export interface Array64 {
  shape: number[];
  data: Float64Array;
}

export function zeros(shape: number[]): Array64 {
  return {shape, data: new Float64Array(elementsOf(shape))};
}

export function map(x: Array64, rule: (value: number, at: number) => number): Array64 {
  return {shape: x.shape, data: x.data.map(rule)};
}

/** Element by element, both arrays broadcast to `shape`. */
export function broadcast(shape: number[], x: Array64, y: Array64, rule: (a: number, b: number) => number): Array64 {
  const out = zeros(shape);
  const positions = (of: Array64, index: number[]) => {
    const offset = shape.length - of.shape.length;
    return of.shape.reduce((at, size, axis) => at * size + (size === 1 ? 0 : index[axis + offset]), 0);
  };
  for (let i = 0; i < out.data.length; i++) {
    const index: number[] = [];
    let rest = i;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis] = rest % shape[axis];
      rest = Math.floor(rest / shape[axis]);
    }
    out.data[i] = rule(x.data[positions(x, index)], y.data[positions(y, index)]);
  }
  return out;
}

/** Calls `visit` with the position of each output element and of each input pixel in its window, without padding. */
function slide(
  [batch, channels, height, width]: number[],
  {kernel, stride, padding}: PoolAttributes,
  visit: (out: number, input: number) => void,
): number[] {
  const rows = Math.floor((height + 2 * padding - kernel) / stride) + 1;
  const columns = Math.floor((width + 2 * padding - kernel) / stride) + 1;
  for (let n = 0; n < batch; n++) {
    for (let c = 0; c < channels; c++) {
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++) {
          for (let ky = 0; ky < kernel; ky++) {
            for (let kx = 0; kx < kernel; kx++) {
              const y = row * stride + ky - padding;
              const x = column * stride + kx - padding;
              if (y < 0 || x < 0 || y >= height || x >= width) continue;
              const out = ((n * channels + c) * rows + row) * columns + column;
              visit(out, ((n * channels + c) * height + y) * width + x);
            }
          }
        }
      }
    }
  }
  return [batch, channels, rows, columns];
}

export function convolution(
  x: Array64,
  weight: Array64,
  {stride, padding, depthwise, dilation = 1}: ConvolutionAttributes,
  bias?: Array64,
): Array64 {
  const [batch, channels, height, width] = x.shape;
  const [outputs, perOutput, kernel] = weight.shape;
  const span = dilation * (kernel - 1) + 1;
  const rows = Math.floor((height + 2 * padding - span) / stride) + 1;
  const columns = Math.floor((width + 2 * padding - span) / stride) + 1;
  const out = zeros([batch, outputs, rows, columns]);
  for (let at = 0; at < out.data.length; at++) {
    const column = at % columns;
    const row = Math.floor(at / columns) % rows;
    const output = Math.floor(at / columns / rows) % outputs;
    const picture = Math.floor(at / columns / rows / outputs) * channels;
    let sum = bias?.data[output] ?? 0;
    for (let i = 0; i < perOutput; i++) {
      const plane = (picture + (depthwise ? output : i)) * height;
      const kernels = (output * perOutput + i) * kernel;
      for (let ky = 0; ky < kernel; ky++) {
        const y = row * stride + ky * dilation - padding;
        if (y < 0 || y >= height) continue;
        for (let kx = 0; kx < kernel; kx++) {
          const px = column * stride + kx * dilation - padding;
          if (px < 0 || px >= width) continue;
          sum += x.data[(plane + y) * width + px] * weight.data[(kernels + ky) * kernel + kx];
        }
      }
    }
    out.data[at] = sum;
  }
  return out;
}

/** For each output element the position of the first input pixel, row by row, that is the largest of its window. */
export function winners(x: Array64, attributes: PoolAttributes): {shape: number[]; positions: number[]} {
  const positions: number[] = [];
  const shape = slide(x.shape, attributes, (out, input) => {
    if (positions[out] === undefined || x.data[input] > x.data[positions[out]]) positions[out] = input;
  });
  return {shape, positions};
}

export function maxPool(x: Array64, attributes: PoolAttributes): Array64 {
  const {shape, positions} = winners(x, attributes);
  return {shape, data: Float64Array.from(positions, (at) => x.data[at])};
}

/** Mean and biased variance of each channel of [N, C, H, W]. */
export function channelMoments(x: Array64): {mean: Float64Array; variance: Float64Array; count: number} {
  const [batch, channels, height, width] = x.shape;
  const pixels = height * width;
  const count = batch * pixels;
  const moment = (rule: (value: number, channel: number) => number) => {
    const sums = new Float64Array(channels);
    x.data.forEach((value, i) => {
      const channel = Math.floor(i / pixels) % channels;
      sums[channel] += rule(value, channel);
    });
    return sums.map((sum) => sum / count);
  };
  const mean = moment((value) => value);
  return {mean, variance: moment((value, channel) => (value - mean[channel]) ** 2), count};
}

export function batchNorm(x: Array64, scale: Array64, bias: Array64, epsilon: number): Array64 {
  const {mean, variance} = channelMoments(x);
  return frozenBatchNorm(x, scale, bias, mean, variance, epsilon);
}

export function frozenBatchNorm(
  x: Array64,
  scale: Array64,
  bias: Array64,
  mean: Float64Array,
  variance: Float64Array,
  epsilon: number,
): Array64 {
  const pixels = x.shape[2] * x.shape[3];
  return map(x, (value, i) => {
    const c = Math.floor(i / pixels) % x.shape[1];
    return (scale.data[c] * (value - mean[c])) / Math.sqrt(variance[c] + epsilon) + bias.data[c];
  });
}

/** Over the channels of [N, C] or [N, C, H, W], pixel by pixel. */
export function layerNorm(x: Array64, scale: Array64, bias: Array64, epsilon: number): Array64 {
  const [batch, channels, ...rest] = x.shape;
  const pixels = rest.reduce((product, size) => product * size, 1);
  const out = zeros(x.shape);
  for (let n = 0; n < batch; n++) {
    for (let pixel = 0; pixel < pixels; pixel++) {
      const at = (channel: number) => (n * channels + channel) * pixels + pixel;
      const values = Array.from({length: channels}, (_, channel) => x.data[at(channel)]);
      const mean = values.reduce((sum, value) => sum + value) / channels;
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / channels;
      values.forEach((value, c) => {
        out.data[at(c)] = (scale.data[c] * (value - mean)) / Math.sqrt(variance + epsilon) + bias.data[c];
      });
    }
  }
  return out;
}

export function pad(x: Array64, {top, left, bottom, right}: PadAttributes): Array64 {
  const [batch, channels, height, width] = x.shape;
  const out = zeros([batch, channels, height + top + bottom, width + left + right]);
  x.data.forEach((value, i) => {
    const [plane, y, column] = [Math.floor(i / (height * width)), Math.floor(i / width) % height, i % width];
    out.data[(plane * out.shape[2] + y + top) * out.shape[3] + column + left] = value;
  });
  return out;
}

/** The error function to 1e-15: its series (Abramowitz & Stegun 7.1.6). */
export function erf(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum) && n < 500; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

export function dense(x: Array64, weight: Array64, bias: Array64): Array64 {
  const [batch, inputs] = x.shape;
  const outputs = weight.shape[1];
  const out = zeros([batch, outputs]);
  for (let n = 0; n < batch; n++) {
    for (let o = 0; o < outputs; o++) {
      let sum = bias.data[o];
      for (let i = 0; i < inputs; i++) sum += x.data[n * inputs + i] * weight.data[i * outputs + o];
      out.data[n * outputs + o] = sum;
    }
  }
  return out;
}

export function softmaxCrossEntropy(logits: Array64, target: Array64, smoothing: number): Array64 {
  const [batch, classes] = logits.shape;
  let loss = 0;
  for (let n = 0; n < batch; n++) {
    const row = logits.data.subarray(n * classes, (n + 1) * classes);
    const highest = Math.max(...row);
    const logSum = highest + Math.log(row.reduce((sum, value) => sum + Math.exp(value - highest), 0));
    row.forEach((value, c) => {
      loss -= ((1 - smoothing) * target.data[n * classes + c] + smoothing / classes) * (value - logSum);
    });
  }
  return {shape: [], data: Float64Array.of(loss / batch)};
}

export function depthToSpace(x: Array64, block: number): Array64 {
  const [batch, depth, height, width] = x.shape;
  const channels = depth / (block * block);
  const out = zeros([batch, channels, height * block, width * block]);
  x.data.forEach((value, at) => {
    const column = at % width;
    const row = Math.floor(at / width) % height;
    const deep = Math.floor(at / width / height) % depth;
    const n = Math.floor(at / width / height / depth);
    const [place, c] = [Math.floor(deep / channels), deep % channels];
    const y = row * block + Math.floor(place / block);
    out.data[((n * channels + c) * height * block + y) * width * block + column * block + (place % block)] = value;
  });
  return out;
}

/** The weighted sum of `loss(x, t)`, divided by the number of pixels of [N, K, H, W]. */
export function pixelLoss([x, target, weight]: Array64[], loss: (value: number, target: number) => number): Array64 {
  const [batch, , height, width] = x.shape;
  const sum = x.data.reduce((total, value, i) => total + weight.data[i] * loss(value, target.data[i]), 0);
  return {shape: [], data: Float64Array.of(sum / (batch * height * width))};
}
