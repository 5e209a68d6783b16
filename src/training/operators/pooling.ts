import type {Graph} from '../../onnx/graph.ts';
import {ELEMENT_TYPE} from '../../onnx/tensor.ts';
import type {Value} from '../../onnx/types.ts';
import {channelsFirst, channelsLast, isChannelsLast} from './channels-last.ts';
import {concatenate} from './concatenate.ts';
import {type Operator, reshape, sizes} from './operator.ts';

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
 * on WebGPU; one transposed convolution then scatters the gradient to the input pixels.
 */
export const maxPool: Operator<PoolAttributes> = {
  forward(graph, [x], {kernel, stride, padding}) {
    const attributes = {kernel_shape: [kernel, kernel], strides: [stride, stride], pads: pads(padding)};
    return {output: graph.node('MaxPool', [x], attributes)};
  },
  gradient(graph, {inputs: [x], output, attributes}, gradOutput) {
    const {kernel, stride, padding} = attributes;
    const [batch, channels] = sizes(x);
    const [, , height, width] = sizes(output);
    const lowest = graph.scalar(-3.4e38);
    const padded = graph.node('Pad', [
      x,
      graph.integers(0, 0, padding, padding, 0, 0, padding + stride, padding + stride),
      lowest,
    ]);
    const shares: Value[] = [];
    let free = graph.scalar(1);
    for (let row = 0; row < kernel; row++) {
      for (let column = 0; column < kernel; column++) {
        const shifted = graph.node('Slice', [
          padded,
          graph.integers(row, column),
          graph.integers(row + stride * (height - 1) + 1, column + stride * (width - 1) + 1),
          graph.integers(2, 3),
          graph.integers(stride, stride),
        ]);
        const equal = graph.node('Cast', [graph.node('Equal', [shifted, output])], {to: ELEMENT_TYPE.float32});
        const winner = graph.node('Mul', [equal, free]);
        free = graph.node('Sub', [free, winner]);
        shares.push(reshape(graph, graph.node('Mul', [winner, gradOutput]), batch, channels, 1, height, width));
      }
    }
    const positions = kernel * kernel;
    const stacked = reshape(graph, concatenate(graph, shares, 2), batch * channels, positions, height, width);
    const place = new Float32Array(positions * positions);
    for (let position = 0; position < positions; position++) place[position * positions + position] = 1;
    const weight = graph.constant(place, [positions, 1, kernel, kernel]);
    const pictures = {...x, shape: [batch * channels, 1, ...x.shape.slice(2)]};
    return [reshape(graph, scatter(graph, stacked, weight, attributes, pictures, 1), ...sizes(x))];
  },
};

/** Adds each element of `value`, times the kernel, to its window in `like`. */
function scatter(
  graph: Graph,
  value: Value,
  weight: Value,
  {kernel, stride, padding}: PoolAttributes,
  like: Value,
  group: number,
): Value {
  const [, , height, width] = sizes(like);
  const [, , rows, columns] = sizes(value);
  const rest = (size: number, count: number): number => size - (stride * (count - 1) + kernel - 2 * padding);
  return graph.node('ConvTranspose', [value, weight], {
    group,
    strides: [stride, stride],
    pads: pads(padding),
    output_padding: [rest(height, rows), rest(width, columns)],
  });
}

const pads = (padding: number): number[] => [padding, padding, padding, padding];
