import type {Graph} from '../../onnx/graph.ts';
import type {Value} from '../../onnx/types.ts';
import {channelsFirst, channelsLast, isChannelsLast} from './channels-last.ts';
import {type Operator, reshape, sizes} from './operator.ts';
import {interleave} from './phases.ts';

export interface PoolAttributes {
  kernel: number;
  stride: number;
  padding: number;
}

/** The mean over each channel: [N, C, H, W] to [N, C]. Each pixel gets 1 / (H W) of the gradient. */
export const globalAveragePool: Operator<void> = {
  forward: (graph, [x]) => ({
    output: isChannelsLast(graph, x)
      ? graph.node('ReduceMean', [channelsLast(graph, x)], {axes: [1, 2], keepdims: 0})
      : graph.node('ReduceMean', [x], {axes: [2, 3], keepdims: 0}),
  }),
  gradient(graph, {inputs: [x]}, gradOutput) {
    const [batch, channels, height, width] = sizes(x);
    const share = graph.node('Mul', [gradOutput, graph.scalar(1 / (height * width))]);
    if (isChannelsLast(graph, x)) {
      const pixel = reshape(graph, share, batch, 1, 1, channels);
      return [channelsFirst(graph, graph.node('Expand', [pixel, graph.integers(batch, height, width, channels)]))];
    }
    const column = reshape(graph, share, batch, channels, 1, 1);
    return [graph.node('Expand', [column, graph.integers(batch, channels, height, width)])];
  },
};

/**
 * The maximum of each window; padding is never the maximum. The gradient goes to the first pixel, row by row, that equals
 * the maximum. It is found by comparing one shifted picture per kernel position, since MaxPool's indices are not available
 * on WebGPU. With the channels last, pixels that lie apart are moved as fast as others.
 */
export const maxPool: Operator<PoolAttributes> = {
  forward(graph, [x], {kernel, stride, padding}) {
    const attributes = {kernel_shape: [kernel, kernel], strides: [stride, stride], pads: pads(padding)};
    return {output: graph.node('MaxPool', [x], attributes)};
  },
  gradient(graph, {inputs: [x], output, attributes}, gradOutput) {
    const {kernel, stride, padding} = attributes;
    const [, , height, width] = sizes(output);
    const border = graph.integers(0, padding, padding, 0, 0, padding + stride, padding + stride, 0);
    const padded = graph.node('Pad', [channelsLast(graph, x), border, graph.scalar(-3.4e38)]);
    const maximum = channelsLast(graph, output);
    const shares: Share[] = [];
    // Each pixel that equals the maximum takes what is left of the gradient.
    let left = channelsLast(graph, gradOutput);
    for (let row = 0; row < kernel; row++) {
      for (let column = 0; column < kernel; column++) {
        const shifted = graph.node('Slice', [
          padded,
          graph.integers(row, column),
          graph.integers(row + stride * (height - 1) + 1, column + stride * (width - 1) + 1),
          graph.integers(1, 2),
          graph.integers(stride, stride),
        ]);
        // 1 for any difference, 0 for none. Numbers are compared several times slower, since they become bits and numbers again.
        const differs = graph.node('HardSigmoid', [graph.node('Sub', [maximum, shifted])], STEP);
        const rest = graph.node('Mul', [left, differs]);
        shares.push({row, column, value: graph.node('Sub', [left, rest])});
        left = rest;
      }
    }
    return [channelsFirst(graph, scatter(graph, shares, attributes, x))];
  },
};

const STEP = {alpha: {float: 3e38}, beta: {float: 0}};

/** What the pixels of one kernel position get, [N, rows, columns, C]. */
interface Share {
  row: number;
  column: number;
  value: Value;
}

/** The sums of what each pixel gets, [N, H, W, C]: first those of every s-th row and column, for a stride of s. */
function scatter(graph: Graph, shares: Share[], {kernel, stride, padding}: PoolAttributes, like: Value): Value {
  const [batch, channels, height, width] = sizes(like);
  const [, rows, columns] = sizes(shares[0].value);
  const most = Math.floor((kernel - 1) / stride);
  const [high, wide] = [
    Math.max(rows + most, Math.ceil((padding + height) / stride)),
    Math.max(columns + most, Math.ceil((padding + width) / stride)),
  ];
  const placed = ({row, column, value}: Share): Value => {
    const [down, across] = [Math.floor(row / stride), Math.floor(column / stride)];
    const after = [high - rows - down, wide - columns - across];
    return graph.node('Pad', [value, graph.integers(0, down, across, 0, 0, ...after, 0)]);
  };
  const phases = Array.from({length: stride}, (_, phase) => phase);
  const parts = phases.map((y) =>
    phases.map((x) => {
      const own = shares.filter(({row, column}) => row % stride === y && column % stride === x).map(placed);
      if (own.length === 0) return graph.node('Expand', [graph.scalar(0), graph.integers(batch, high, wide, channels)]);
      return own.reduce((sum, value) => graph.node('Add', [sum, value]));
    }),
  );
  const whole = interleave(graph, parts, padding + height, padding + width);
  if (padding === 0) return whole;
  const [start, end] = [graph.integers(padding, padding), graph.integers(padding + height, padding + width)];
  return graph.node('Slice', [whole, start, end, graph.integers(1, 2)]);
}

const pads = (padding: number): number[] => [padding, padding, padding, padding];
