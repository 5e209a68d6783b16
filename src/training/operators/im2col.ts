import type {Graph} from '../../onnx/graph.ts';
import type {Value} from '../../onnx/types.ts';
import {channelsLast} from './channels-last.ts';
import {concatenate} from './concatenate.ts';
import type {ConvolutionAttributes} from './convolution-attributes.ts';
import {reshape, sizes} from './operator.ts';

/** im2col: for each output pixel, the input pixels under the kernel, row by row, channels last. */
export interface Unfolded {
  /** float32 [N, rows columns, K K C] */
  value: Value;
  /** What each of a pixel's numbers is still to be multiplied by, float32 [N, K K C]; missing where it is 1. */
  factors?: Value;
  batch: number;
  /** Size of the output. */
  rows: number;
  columns: number;
}

export function unfold(graph: Graph, x: Value, kernel: number, attributes: ConvolutionAttributes): Unfolded {
  const {stride, padding, dilation = 1} = attributes;
  const [batch, , height, width] = sizes(x);
  const span = spanOf(kernel, dilation);
  const [rows, columns] = [height, width].map((size) => Math.floor((size + 2 * padding - span) / stride) + 1);
  return {...unfoldEarly(graph, x, {kernel, stride, padding, dilation, rows, columns}), batch, rows, columns};
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

/**
 * What was done to each number, or to each channel of a picture, is done after unfolding: bytes are moved faster than floats, and
 * kernels are multiplied faster than pictures.
 */
function unfoldEarly(graph: Graph, x: Value, options: WindowOptions): Pick<Unfolded, 'value' | 'factors'> {
  const {opType, inputs = []} = graph.producer(x) ?? {};
  const [batch, channels] = sizes(x);
  if (opType === 'Mul' && `${inputs[1].shape}` === `${[batch, channels, 1, 1]}`) {
    const positions = options.kernel * options.kernel;
    const factor = reshape(graph, inputs[1], batch, 1, channels);
    const factors = graph.node('Expand', [factor, graph.integers(batch, positions, channels)]);
    return {
      value: unfoldPixels(graph, inputs[0], options),
      factors: reshape(graph, factors, batch, positions * channels),
    };
  }
  return {value: unfoldPixels(graph, x, options)};
}

function unfoldPixels(graph: Graph, x: Value, options: WindowOptions): Value {
  const last = channelsLast(graph, x);
  const cast = graph.producer(last);
  if (cast?.opType !== 'Cast') return gatherWindows(graph, last, options);
  return graph.node('Cast', [gatherWindows(graph, cast.inputs[0], options)], cast.attributes);
}

/** @param x [N, H, W, C] */
function gatherWindows(graph: Graph, x: Value, options: WindowOptions): Value {
  const {kernel, stride, padding, dilation, rows, columns} = options;
  const [batch, height, width, channels] = sizes(x);
  const length = kernel * kernel * channels;
  if (kernel === stride && dilation === 1 && padding === 0 && rows * stride === height && columns * stride === width) {
    const strips = reshape(graph, x, batch, rows, kernel, columns, kernel * channels);
    const patches = graph.node('Transpose', [strips], {perm: [0, 1, 3, 2, 4]});
    return reshape(graph, patches, batch, rows * columns, length);
  }
  const padded = pad(graph, x, padding);
  const [, paddedHeight, paddedWidth] = sizes(padded);
  const inRows = rowWindows(graph, padded, options);
  if (inRows) return reshape(graph, stackRows(graph, inRows, options), batch, rows * columns, length);
  // Runs of pixels that always occur together are gathered as one element.
  const together = dilation === 1 ? greatestCommonDivisor(kernel, stride) : 1;
  const run = greatestCommonDivisor(together, paddedWidth);
  const positions = windowPositions({
    rows,
    columns,
    kernel,
    stride,
    dilation,
    rowLength: paddedWidth / run,
    step: stride / run,
    across: kernel / run,
  });
  const flat = reshape(graph, padded, batch, (paddedHeight * paddedWidth) / run, run * channels);
  return reshape(
    graph,
    graph.node('Gather', [flat, graph.constant(positions)], {axis: 1}),
    batch,
    rows * columns,
    length,
  );
}

/** Up to this many numbers in a row of a window, they are put side by side first, so that fewer pieces are gathered. */
const SHORT_ROW = 24;

/**
 * The rows of all windows, [N, H columns, K C], if each consists of the pixels from one window to the next and some after them.
 */
function rowWindows(
  graph: Graph,
  padded: Value,
  {kernel, stride, dilation, columns}: WindowOptions,
): Value | undefined {
  const [batch, height, width, channels] = sizes(padded);
  const more = kernel - stride;
  if (dilation > 1 || more <= 0 || more > stride || width !== stride * (columns + 1) || kernel * channels > SHORT_ROW)
    return undefined;
  const blocks = reshape(graph, padded, batch, height, columns + 1, stride * channels);
  const piece = (from: number, to: number, length: number): Value =>
    graph.node('Slice', [blocks, graph.integers(from, 0), graph.integers(to, length), graph.integers(2, 3)]);
  const joined = graph.node('Concat', [piece(0, columns, stride * channels), piece(1, columns + 1, more * channels)], {
    axis: 3,
  });
  return joined;
}

/** The rows of each window, one after the other: [N, H, columns, K C] to [N, rows, columns, K, K C]. */
function stackRows(graph: Graph, x: Value, {kernel, stride, rows, columns}: WindowOptions): Value {
  const [batch, , , length] = sizes(x);
  const pieces = Array.from({length: kernel}, (_, y) => {
    const every = [
      graph.integers(y),
      graph.integers(y + stride * (rows - 1) + 1),
      graph.integers(1),
      graph.integers(stride),
    ];
    return reshape(graph, graph.node('Slice', [x, ...every]), batch, rows, columns, 1, length);
  });
  return concatenate(graph, pieces, 3);
}

/** Zeros around pictures [N, H, W, C]. */
function pad(graph: Graph, x: Value, padding: number): Value {
  if (padding === 0) return x;
  const [batch, height, width, channels] = sizes(x);
  const flat = reshape(graph, x, batch, height, width * channels);
  const side = padding * channels;
  const padded = graph.node('Pad', [flat, graph.integers(0, padding, side, 0, padding, side)]);
  return reshape(graph, padded, batch, height + 2 * padding, width + 2 * padding, channels);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

interface Windows {
  rows: number;
  columns: number;
  kernel: number;
  stride: number;
  dilation: number;
  /** Elements in a row of the padded picture. */
  rowLength: number;
  /** Elements from one window to the next. */
  step: number;
  /** Elements in a row of a window. */
  across: number;
}

/** For each output pixel, the positions of the elements under its kernel, row by row. */
function windowPositions({rows, columns, kernel, stride, dilation, rowLength, step, across}: Windows): Int32Array {
  const positions = new Int32Array(rows * columns * kernel * across);
  let at = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      for (let y = 0; y < kernel; y++) {
        const start = (row * stride + y * dilation) * rowLength + column * step;
        for (let x = 0; x < across; x++) positions[at++] = start + x * dilation;
      }
    }
  }
  return positions;
}
