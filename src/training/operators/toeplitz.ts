import type {Graph} from '../../onnx/graph.ts';
import type {Value} from '../../onnx/types.ts';
import type {ConvolutionAttributes} from './convolution-attributes.ts';
import {spanOf} from './im2col.ts';
import {reshape, sizes} from './operator.ts';

/**
 * Depthwise convolutions as products of matrices. A channel of x, one picture a row, is [N, I]; its convolution is the product with a
 * matrix [I, O] that holds each number of the kernel wherever its position meets a pixel, and zeros elsewhere (a Toeplitz matrix).
 * Processors multiply matrices so fast that for small pictures the zeros do not matter: onnxruntime's Conv takes several times as
 * long, because it convolves each channel of each picture by itself.
 */
export interface Toeplitz {
  /** x with the channels first: [C, N, I]. */
  pictures: Value;
  /** [C, I, O] */
  matrix: Value;
}

/** What a matrix costs in products of numbers for each channel and picture, above which Conv is faster. */
const MOST_PRODUCTS = 40_000;

/** Whether a depthwise convolution of x [N, C, H, W] is faster as a product of matrices. */
export function isSmall(x: Value, kernel: number, attributes: ConvolutionAttributes): boolean {
  const [batch, , height, width] = sizes(x);
  const {rows, columns} = outputSize(height, width, kernel, attributes);
  // The matrix is made once for all pictures.
  return height * width * rows * columns * (1 + kernel ** 2 / batch) <= MOST_PRODUCTS;
}

/** A depthwise convolution of small pictures, and what its gradient needs. */
export function convolveByMatrix(
  graph: Graph,
  x: Value,
  weight: Value,
  attributes: ConvolutionAttributes,
): {output: Value; toeplitz: Toeplitz} {
  const [, channels, height, width] = sizes(x);
  const kernel = sizes(weight)[2];
  const {rows, columns} = outputSize(height, width, kernel, attributes);
  const window = wholeWindow(height, width, kernel, attributes);
  const kernels = reshape(graph, weight, channels, kernel ** 2);
  const matrix = graph.node('MatMul', [kernels, meetingsOf(graph, window)]);
  const toeplitz = {
    pictures: byChannel(graph, x),
    matrix: reshape(graph, matrix, channels, height * width, rows * columns),
  };
  const product = graph.node('MatMul', [toeplitz.pictures, toeplitz.matrix]);
  return {output: byPicture(graph, product, rows, columns), toeplitz};
}

/** dx and dW of such a convolution. */
export function gradientsByMatrix(
  graph: Graph,
  x: Value,
  weight: Value,
  gradOutput: Value,
  {pictures, matrix}: Toeplitz,
  attributes: ConvolutionAttributes,
  wanted: boolean[],
): [Value | undefined, Value | undefined] {
  const [, , height, width] = sizes(x);
  const kernel = sizes(weight)[2];
  const gradient = byChannel(graph, gradOutput);
  const gradInput = () => {
    const transposed = graph.node('Transpose', [matrix], {perm: [0, 2, 1]});
    return byPicture(graph, graph.node('MatMul', [gradient, transposed]), height, width);
  };
  const window = wholeWindow(height, width, kernel, attributes);
  return [
    wanted[0] ? gradInput() : undefined,
    wanted[1] ? gradKernels(graph, pictures, gradient, weight, window) : undefined,
  ];
}

/** Output pixels of a band: as many as make a product of matrices fast. */
const BAND_PIXELS = 56;
/** For each number of a kernel, the pixels that a band sees, above which Conv is faster. */
const MOST_SEEN = 12.5;

/** Bands of rows into which larger pictures are divided for dW; undefined where Conv is faster. */
function bandsOf(x: Value, kernel: number, {stride, padding, dilation = 1}: ConvolutionAttributes) {
  const [, , height, width] = sizes(x);
  if (stride > 1 || dilation > 1) return undefined;
  const {rows, columns} = outputSize(height, width, kernel, {stride, padding});
  const high = Math.min(rows, Math.max(1, Math.round(BAND_PIXELS / columns)));
  const seen = high + kernel - 1;
  if (seen * width > MOST_SEEN * kernel ** 2) return undefined;
  return {rows, columns, high, seen, count: Math.ceil(rows / high)};
}

/**
 * dW of a depthwise convolution of larger pictures: the same for bands of some rows, each with all rows that its output sees. All
 * bands have one matrix. Undefined where Conv is faster.
 */
export function gradKernelsByBands(
  graph: Graph,
  x: Value,
  weight: Value,
  gradOutput: Value,
  attributes: ConvolutionAttributes,
): Value | undefined {
  const kernel = sizes(weight)[2];
  const bands = bandsOf(x, kernel, attributes);
  if (!bands) return undefined;
  const {rows, columns, high, seen, count} = bands;
  const [batch, channels, height, width] = sizes(x);
  const {padding} = attributes;
  const below = Math.max(0, (count - 1) * high + seen - padding - height);
  const pictures = reshape(
    graph,
    withRows(graph, x, padding, below),
    channels * batch,
    padding + height + below,
    width,
  );
  const lines = Int32Array.from({length: count * seen}, (_, i) => Math.floor(i / seen) * high + (i % seen));
  const banded = graph.node('Gather', [pictures, graph.constant(lines)], {axis: 1});
  const window: Window = {
    kernel,
    stride: 1,
    dilation: 1,
    top: 0,
    left: padding,
    height: seen,
    width,
    rows: high,
    columns,
  };
  return gradKernels(
    graph,
    reshape(graph, banded, channels, batch * count, seen * width),
    reshape(graph, withRows(graph, gradOutput, 0, count * high - rows), channels, batch * count, high * columns),
    weight,
    window,
  );
}

/** Pictures [N, C, H, W] by channel, with rows of zeros above and below: [C, N, pixels]. */
function withRows(graph: Graph, x: Value, above: number, below: number): Value {
  const [batch, channels, height, width] = sizes(x);
  const flat = reshape(graph, x, batch, channels, height * width);
  const padded =
    above + below === 0 ? flat : graph.node('Pad', [flat, graph.integers(0, 0, above * width, 0, 0, below * width)]);
  return graph.node('Transpose', [padded], {perm: [1, 0, 2]});
}

/** dW [C, 1, K, K]: what the gradient of a matrix has wherever it holds a number of the kernel, of all pictures, summed. */
function gradKernels(graph: Graph, pictures: Value, gradient: Value, weight: Value, window: Window): Value {
  const [channels, , kernel] = sizes(weight);
  const [inputs, outputs] = [sizes(pictures)[2], sizes(gradient)[2]];
  const matrices = graph.node('MatMul', [graph.node('Transpose', [pictures], {perm: [0, 2, 1]}), gradient]);
  const flat = reshape(graph, matrices, channels, inputs * outputs);
  const meetings = meetingsOf(graph, window);
  // Tall, so that any number of threads gives the same bits.
  if (channels >= kernel ** 2)
    return reshape(graph, graph.node('Gemm', [flat, meetings], {transB: 1}), channels, 1, kernel, kernel);
  // A Gemm and a transposition after it would be joined to one that is wide.
  const turned = graph.node('Transpose', [reshape(graph, matrices, channels, inputs * outputs, 1)], {perm: [1, 2, 0]});
  const perPosition = graph.node('MatMul', [meetings, reshape(graph, turned, inputs * outputs, channels)]);
  const sums = graph.node('Transpose', [perPosition], {perm: [1, 0]});
  return reshape(graph, sums, channels, 1, kernel, kernel);
}

/** [N, C, H, W] to [C, N, H W]. */
function byChannel(graph: Graph, x: Value): Value {
  return withRows(graph, x, 0, 0);
}

/** [C, N, H W] to [N, C, H, W]. */
function byPicture(graph: Graph, x: Value, height: number, width: number): Value {
  const [channels, batch] = sizes(x);
  return reshape(graph, graph.node('Transpose', [x], {perm: [1, 0, 2]}), batch, channels, height, width);
}

/** What a matrix is about: the pixels that are seen, those that come out, and where the kernel is. */
interface Window {
  kernel: number;
  stride: number;
  dilation: number;
  /** Rows and columns of zeros before the pixels. */
  top: number;
  left: number;
  height: number;
  width: number;
  rows: number;
  columns: number;
}

function wholeWindow(
  height: number,
  width: number,
  kernel: number,
  {stride, padding, dilation = 1}: ConvolutionAttributes,
): Window {
  const size = outputSize(height, width, kernel, {stride, padding, dilation});
  return {kernel, stride, dilation, top: padding, left: padding, height, width, ...size};
}

function outputSize(
  height: number,
  width: number,
  kernel: number,
  {stride, padding, dilation = 1}: ConvolutionAttributes,
): {rows: number; columns: number} {
  const [rows, columns] = [height, width].map(
    (size) => Math.floor((size + 2 * padding - spanOf(kernel, dilation)) / stride) + 1,
  );
  return {rows, columns};
}

const constants = new WeakMap<Graph, Map<string, Value>>();

/**
 * For each position of a kernel, 1 for each pixel and the output pixel for which it is there, 0 elsewhere: [K K, I O]. Networks have
 * many layers of few sizes: each is written once.
 */
function meetingsOf(graph: Graph, window: Window): Value {
  const known = constants.get(graph) ?? new Map<string, Value>();
  constants.set(graph, known);
  const key = JSON.stringify(window);
  const value = known.get(key) ?? graph.constant(meetings(window), shapeOf(window));
  known.set(key, value);
  return value;
}

function shapeOf({kernel, height, width, rows, columns}: Window): [number, number] {
  return [kernel ** 2, height * width * rows * columns];
}

function meetings(window: Window): Float32Array {
  const {kernel, stride, dilation, top, left, height, width, rows, columns} = window;
  const [positions, length] = shapeOf(window);
  const values = new Float32Array(positions * length);
  for (let position = 0; position < positions; position++) {
    const [down, across] = [Math.floor(position / kernel), position % kernel];
    for (let row = 0; row < rows; row++) {
      const y = row * stride + down * dilation - top;
      if (y < 0 || y >= height) continue;
      for (let column = 0; column < columns; column++) {
        const x = column * stride + across * dilation - left;
        if (x < 0 || x >= width) continue;
        values[position * length + (y * width + x) * rows * columns + row * columns + column] = 1;
      }
    }
  }
  return values;
}
