import type {Graph, Value} from '../../onnx/graph.ts';
import {type Operator, reshape, sizes} from './operator.ts';

/** Square kernels and equal steps in both directions; `depthwise` convolves each channel by itself. */
export interface ConvolutionAttributes {
  stride: number;
  padding: number;
  depthwise?: boolean;
}

/**
 * Convolution of x [N, C, H, W] with W [O, C, K, K], or [C, 1, K, K] where depthwise. For each gradient there are
 * many formulations; these are the fastest on the CPU among those that run on every device.
 */
export const convolution: Operator<ConvolutionAttributes> = {
  forward(graph, [x, weight], attributes) {
    return {output: graph.node('Conv', [x, weight], onnxAttributes(weight, attributes))};
  },
  gradient(graph, {inputs: [x, weight], attributes}, byOutput, wanted) {
    const byWeight = attributes.depthwise ? depthwiseByWeight : denseByWeight;
    return [
      wanted[0] ? byInput(graph, x, weight, byOutput, attributes) : undefined,
      wanted[1] ? byWeight(graph, x, weight, byOutput, attributes) : undefined,
    ];
  },
};

function onnxAttributes(weight: Value, {stride, padding, depthwise}: ConvolutionAttributes) {
  return {
    strides: [stride, stride],
    pads: [padding, padding, padding, padding],
    group: depthwise ? sizes(weight)[0] : 1,
  };
}

/** dx: each output pixel's gradient, spread by the kernel over the pixels that it was computed from. */
function byInput(graph: Graph, x: Value, weight: Value, byOutput: Value, attributes: ConvolutionAttributes): Value {
  const {stride, padding, depthwise} = attributes;
  const [outputs, inputs, kernel] = sizes(weight);
  if (stride === 1) {
    // A convolution with the kernel turned by 180 degrees, and its inputs and outputs exchanged.
    const reversed = Int32Array.from({length: kernel * kernel}, (_, i) => kernel * kernel - 1 - i);
    const flat = reshape(graph, weight, outputs, inputs, kernel * kernel);
    const turned = kernel === 1 ? flat : graph.node('Gather', [flat, graph.constant(reversed)], {axis: 2});
    const exchanged = depthwise ? turned : graph.node('Transpose', [turned], {perm: [1, 0, 2]});
    const kernels = reshape(graph, exchanged, depthwise ? outputs : inputs, depthwise ? 1 : outputs, kernel, kernel);
    const opposite = {...attributes, padding: kernel - 1 - padding};
    return graph.node('Conv', [byOutput, kernels], onnxAttributes(weight, opposite));
  }
  const [, , height, width] = sizes(x);
  const [, , rows, columns] = sizes(byOutput);
  const rest = (size: number, count: number): number => size - (stride * (count - 1) + kernel - 2 * padding);
  const output_padding = [rest(height, rows), rest(width, columns)];
  return graph.node('ConvTranspose', [byOutput, weight], {...onnxAttributes(weight, attributes), output_padding});
}

/** dW as products of matrices: the outputs' gradients with what each kernel position saw of x (im2col, one Gather). */
function denseByWeight(
  graph: Graph,
  x: Value,
  weight: Value,
  byOutput: Value,
  {stride, padding}: ConvolutionAttributes,
): Value {
  const [batch, inputs] = sizes(x);
  const [, outputs, rows, columns] = sizes(byOutput);
  const kernel = sizes(weight)[2];
  const pixels = rows * columns;
  const seen = reshape(graph, unfold(graph, x, kernel, stride, padding), batch, pixels, kernel * kernel * inputs);
  // One product an image, then their sum: faster than one product over all images, which would have to turn dy around.
  const perImage = graph.node('MatMul', [reshape(graph, byOutput, batch, outputs, pixels), seen]);
  const product = graph.node('ReduceSum', [perImage, graph.integers(0)], {keepdims: 0});
  const perKernel = reshape(graph, product, outputs, kernel, kernel, inputs);
  return graph.node('Transpose', [perKernel], {perm: [0, 3, 1, 2]});
}

/** im2col: what each kernel position saw of x, for each output pixel kernel row by kernel row, channels last. */
function unfold(graph: Graph, x: Value, kernel: number, stride: number, padding: number): Value {
  const [batch, inputs, height, width] = sizes(x);
  const [rows, columns] = [height, width].map((size) => Math.floor((size + 2 * padding - kernel) / stride) + 1);
  const channelsLast = graph.node('Transpose', [x], {perm: [0, 2, 3, 1]});
  if (kernel === stride && padding === 0 && rows * stride === height && columns * stride === width) {
    const strips = reshape(graph, channelsLast, batch, rows, kernel, columns, kernel * inputs);
    return graph.node('Transpose', [strips], {perm: [0, 1, 3, 2, 4]});
  }
  const pads = graph.integers(0, padding, padding, 0, 0, padding, padding, 0);
  const padded = padding === 0 ? channelsLast : graph.node('Pad', [channelsLast, pads]);
  const positions = windowPositions(rows, columns, kernel, stride, width + 2 * padding);
  const flat = reshape(graph, padded, batch, (height + 2 * padding) * (width + 2 * padding), inputs);
  return graph.node('Gather', [flat, graph.constant(positions)], {axis: 1});
}

/** For each output pixel, row by row, the positions of the K x K input pixels under its kernel in rows of `stretch`. */
function windowPositions(rows: number, columns: number, kernel: number, stride: number, stretch: number): Int32Array {
  const positions = new Int32Array(rows * columns * kernel * kernel);
  let at = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      for (let y = 0; y < kernel; y++) {
        for (let x = 0; x < kernel; x++) positions[at++] = (row * stride + y) * stretch + column * stride + x;
      }
    }
  }
  return positions;
}

/** dW of a depthwise convolution: x convolved with dy, image by image and channel by channel, in N C groups. */
function depthwiseByWeight(
  graph: Graph,
  x: Value,
  weight: Value,
  byOutput: Value,
  {stride, padding}: ConvolutionAttributes,
): Value {
  const [batch, channels, height, width] = sizes(x);
  const [, , rows, columns] = sizes(byOutput);
  const kernel = sizes(weight)[2];
  const pictures = reshape(graph, x, 1, batch * channels, height, width);
  const kernels = reshape(graph, byOutput, batch * channels, 1, rows, columns);
  const correlation = graph.node('Conv', [pictures, kernels], {
    group: batch * channels,
    dilations: [stride, stride],
    pads: [padding, padding, padding, padding],
  });
  const [, , high, wide] = sizes(correlation);
  const exact = high === kernel && wide === kernel;
  const corner = graph.integers(kernel, kernel);
  const cut = exact
    ? correlation
    : graph.node('Slice', [correlation, graph.integers(0, 0), corner, graph.integers(2, 3)]);
  const perImage = reshape(graph, cut, batch, channels, kernel, kernel);
  return reshape(
    graph,
    graph.node('ReduceSum', [perImage, graph.integers(0)], {keepdims: 0}),
    channels,
    1,
    kernel,
    kernel,
  );
}
