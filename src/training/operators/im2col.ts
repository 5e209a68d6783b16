import type {Graph} from '../../onnx/graph.ts';
import type {Value} from '../../onnx/types.ts';
import type {ConvolutionAttributes} from './convolution-attributes.ts';
import {reshape, sizes} from './operator.ts';

/** im2col: for each output pixel, the input pixels under the kernel, row by row, channels last. */
export interface Unfolded {
  value: Value;
  batch: number;
  /** Size of the output. */
  rows: number;
  columns: number;
}

/** @param value the result, if it was computed before */
export function unfold(
  graph: Graph,
  x: Value,
  kernel: number,
  {stride, padding, dilation = 1}: ConvolutionAttributes,
  value?: Value,
): Unfolded {
  const [batch, , height, width] = sizes(x);
  const span = spanOf(kernel, dilation);
  const [rows, columns] = [height, width].map((size) => Math.floor((size + 2 * padding - span) / stride) + 1);
  const options = {kernel, stride, padding, dilation, rows, columns};
  return {value: value ?? gatherWindows(graph, x, options), batch, rows, columns};
}

/** Pixels from the first position of a kernel to its last, both included. */
export function spanOf(kernel: number, dilation: number): number {
  return dilation * (kernel - 1) + 1;
}

interface WindowOptions {
  kernel: number;
  stride: number;
  padding: number;
  dilation: number;
  rows: number;
  columns: number;
}

function gatherWindows(graph: Graph, x: Value, options: WindowOptions): Value {
  const {kernel, stride, padding, dilation, rows, columns} = options;
  const [batch, inputs, height, width] = sizes(x);
  const channelsLast = graph.node('Transpose', [x], {perm: [0, 2, 3, 1]});
  if (kernel === stride && dilation === 1 && padding === 0 && rows * stride === height && columns * stride === width) {
    const strips = reshape(graph, channelsLast, batch, rows, kernel, columns, kernel * inputs);
    return graph.node('Transpose', [strips], {perm: [0, 1, 3, 2, 4]});
  }
  const pads = graph.integers(0, padding, padding, 0, 0, padding, padding, 0);
  const padded = padding === 0 ? channelsLast : graph.node('Pad', [channelsLast, pads]);
  const [paddedHeight, paddedWidth] = [height + 2 * padding, width + 2 * padding];
  // Runs of pixels that always occur together are gathered as one element.
  const together = dilation === 1 ? greatestCommonDivisor(kernel, stride) : 1;
  const run = greatestCommonDivisor(together, paddedWidth);
  const positions = windowPositions({rows, columns, kernel, stride, dilation, paddedWidth, run});
  const flat = reshape(graph, padded, batch, (paddedHeight * paddedWidth) / run, run * inputs);
  return graph.node('Gather', [flat, graph.constant(positions)], {axis: 1});
}

/** The greatest common greatestCommonDivisor. */
function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

interface Windows {
  rows: number;
  columns: number;
  kernel: number;
  stride: number;
  dilation: number;
  /** Pixels in a row of the padded picture. */
  paddedWidth: number;
  /** Pixels gathered as one element; divides kernel, stride and row. */
  run: number;
}

/** For each output pixel, the positions of the runs of input pixels under its K x K kernel. */
function windowPositions({rows, columns, kernel, stride, dilation, paddedWidth, run}: Windows): Int32Array {
  const positions = new Int32Array((rows * columns * kernel * kernel) / run);
  let at = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      for (let y = 0; y < kernel; y++) {
        const start = ((row * stride + y * dilation) * paddedWidth + column * stride) / run;
        for (let x = 0; x < kernel / run; x++) positions[at++] = start + x * dilation;
      }
    }
  }
  return positions;
}
