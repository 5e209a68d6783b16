import {defined} from '../../common/defined.ts';
import type {Graph} from '../../onnx/graph.ts';
import type {Value} from '../../onnx/types.ts';
import {channelsFirst, channelsLast} from './channels-last.ts';
import type {ConvolutionAttributes} from './convolution-attributes.ts';
import {spanOf, type Unfolded, unfold} from './im2col.ts';
import {type Operator, reshape, sizes} from './operator.ts';
import {gradInputByPhases} from './phases.ts';
import {convolveByMatrix, gradientsByMatrix, gradKernelsByBands, isSmall} from './toeplitz.ts';

/**
 * Convolution of x [N, C, H, W] with W [O, C, K, K], or [C, 1, K, K] if depthwise, plus a bias [O] where one is given. Of the
 * many formulations of each gradient, these are the fastest on the CPU among those that run on every device.
 *
 * A strided dense convolution is one matrix product of im2col(x), which the gradient needs as well, and the kernels.
 * onnxruntime's Conv is faster only if the kernels are constant.
 */
export const convolution: Operator<ConvolutionAttributes> = {
  forward(graph, [x, weight, ...bias], attributes) {
    const known = x.shape.every((size) => typeof size === 'number');
    const constant = weight.data !== undefined;
    if (attributes.depthwise && !constant && known && isSmall(x, sizes(weight)[2], attributes)) {
      const {output, toeplitz} = convolveByMatrix(graph, x, weight, attributes);
      return {output: addBias(graph, output, bias), saved: [toeplitz.pictures, toeplitz.matrix]};
    }
    if (constant || attributes.depthwise || attributes.stride === 1 || !known || bias.length > 0)
      return {output: graph.node('Conv', [x, weight, ...bias], onnxAttributes(weight, attributes))};
    const unfolded = unfold(graph, x, sizes(weight)[2], attributes);
    const {batch, rows, columns} = unfolded;
    const output = isTall(batch * rows * columns, sizes(weight)[0])
      ? multiplyKernels(graph, unfolded, weight)
      : graph.node('Conv', [x, weight], onnxAttributes(weight, attributes));
    return {output, saved: [unfolded.value, ...(unfolded.factors ? [unfolded.factors] : [])]};
  },
  gradient(graph, {inputs: [x, weight], attributes, saved}, gradOutput, wanted) {
    const [value, factors] = saved;
    const gradBias = wanted[2]
      ? graph.node('ReduceSum', [gradOutput, graph.integers(0, 2, 3)], {keepdims: 0})
      : undefined;
    if (attributes.depthwise && saved.length > 0) {
      const toeplitz = {pictures: saved[0], matrix: saved[1]};
      return [...gradientsByMatrix(graph, x, weight, gradOutput, toeplitz, attributes, wanted), gradBias];
    }
    const gradWeight = () => {
      if (attributes.depthwise)
        return (
          gradKernelsByBands(graph, x, weight, gradOutput, attributes) ??
          gradWeightDepthwise(graph, x, weight, gradOutput, attributes)
        );
      if (sizes(weight)[2] === 1 && attributes.stride === 1 && attributes.padding === 0)
        return gradWeightOfPixels(graph, x, weight, gradOutput);
      const unfolded = value ? {value, ...defined({factors})} : unfold(graph, x, sizes(weight)[2], attributes);
      return gradWeightDense(graph, unfolded, weight, gradOutput);
    };
    return [
      wanted[0] ? gradInput(graph, x, weight, gradOutput, attributes) : undefined,
      wanted[1] ? gradWeight() : undefined,
      gradBias,
    ];
  },
};

function addBias(graph: Graph, x: Value, [bias]: Value[]): Value {
  return bias ? graph.node('Add', [x, reshape(graph, bias, sizes(bias)[0], 1, 1)]) : x;
}

function onnxAttributes(weight: Value, {stride, padding, depthwise, dilation = 1}: ConvolutionAttributes) {
  return {
    ...(dilation > 1 ? {dilations: [dilation, dilation]} : {}),
    strides: [stride, stride],
    pads: [padding, padding, padding, padding],
    group: depthwise ? sizes(weight)[0] : 1,
  };
}

/** dx: each output pixel's gradient, distributed by the kernel over the input pixels that it was computed from. */
function gradInput(graph: Graph, x: Value, weight: Value, gradOutput: Value, attributes: ConvolutionAttributes): Value {
  const {stride, padding, depthwise, dilation = 1} = attributes;
  const [outputs, inputs, kernel] = sizes(weight);
  if (stride === 1) {
    // A convolution with the kernel rotated by 180 degrees and its inputs and outputs exchanged.
    const reversed = Int32Array.from({length: kernel * kernel}, (_, i) => kernel * kernel - 1 - i);
    const flat = reshape(graph, weight, outputs, inputs, kernel * kernel);
    const rotated = kernel === 1 ? flat : graph.node('Gather', [flat, graph.constant(reversed)], {axis: 2});
    const exchanged = depthwise ? rotated : graph.node('Transpose', [rotated], {perm: [1, 0, 2]});
    const kernels = reshape(graph, exchanged, depthwise ? outputs : inputs, depthwise ? 1 : outputs, kernel, kernel);
    const opposite = {...attributes, padding: dilation * (kernel - 1) - padding};
    return graph.node('Conv', [gradOutput, kernels], onnxAttributes(weight, opposite));
  }
  const [, , height, width] = sizes(x);
  const [, , rows, columns] = sizes(gradOutput);
  const products = sizes(x)[0] * Math.ceil(height / stride) * Math.ceil(width / stride);
  if (!depthwise && dilation === 1 && isTall(products, inputs))
    return gradInputByPhases(graph, x, weight, gradOutput, attributes);
  const rest = (size: number, count: number): number =>
    size - (stride * (count - 1) + spanOf(kernel, dilation) - 2 * padding);
  const output_padding = [rest(height, rows), rest(width, columns)];
  return graph.node('ConvTranspose', [gradOutput, weight], {...onnxAttributes(weight, attributes), output_padding});
}

/** y = im2col(x) times the kernels: [N, P, K K C] [K K C, O]. */
function multiplyKernels(graph: Graph, {value, factors, batch, rows, columns}: Unfolded, weight: Value): Value {
  const [outputs, inputs, kernel] = sizes(weight);
  const length = kernel * kernel * inputs;
  const positionsFirst = graph.node('Transpose', [reshape(graph, weight, outputs, inputs, kernel * kernel)], {
    perm: [0, 2, 1],
  });
  const kernels = graph.node('Transpose', [reshape(graph, positionsFirst, outputs, length)], {perm: [1, 0]});
  const own = factors ? graph.node('Mul', [reshape(graph, factors, batch, length, 1), kernels]) : kernels;
  const product = graph.node('MatMul', [value, own]);
  return channelsFirst(graph, reshape(graph, product, batch, rows, columns, outputs));
}

/**
 * onnxruntime divides a matrix product among threads by rows if it is tall, by columns if it is wide, and sums narrow
 * pieces of columns in another order. Tall products are the same to the last bit for any number of threads, and so are
 * several at once, each of which has its own thread.
 */
function isTall(rows: number, columns: number): boolean {
  return rows >= columns;
}

const MIN_PRODUCTS = 16;

/** The smallest number of equal groups, at least MIN_PRODUCTS or one per image, into which a batch can be divided. */
function groupsOf(batch: number): number {
  let groups = Math.min(MIN_PRODUCTS, batch);
  while (batch % groups !== 0) groups++;
  return groups;
}

/** dW = dy times im2col(x): [O, N P] [N P, K K C], in groups of images that are summed at the end. */
function gradWeightDense(
  graph: Graph,
  {value, factors}: Pick<Unfolded, 'value' | 'factors'>,
  weight: Value,
  gradOutput: Value,
): Value {
  const [outputs, inputs, kernel] = sizes(weight);
  const [batch, positions, length] = sizes(value);
  const groups = factors ? batch : groupsOf(batch);
  const pixels = (batch / groups) * positions;
  // Transposed in a form of its own: onnxruntime would join it with the product, which is slower.
  const last = reshape(graph, channelsLast(graph, gradOutput), groups, pixels, 1, outputs);
  const perFilter = reshape(graph, graph.node('Transpose', [last], {perm: [0, 3, 1, 2]}), groups, outputs, pixels);
  const plain = graph.node('MatMul', [perFilter, reshape(graph, value, groups, pixels, length)]);
  const products = factors ? graph.node('Mul', [plain, reshape(graph, factors, batch, 1, length)]) : plain;
  // A sum as a product of matrices, which takes a tenth of the time of ReduceSum.
  const ones = graph.constant(new Float32Array(groups).fill(1), [1, groups]);
  const sum = graph.node('MatMul', [ones, reshape(graph, products, groups, outputs * length)]);
  const perKernel = reshape(graph, sum, outputs, kernel * kernel, inputs);
  return reshape(graph, graph.node('Transpose', [perKernel], {perm: [0, 2, 1]}), outputs, inputs, kernel, kernel);
}

/** How many times longer than its factors the products of all pictures may be, before one product for all is faster. */
const LONG_PRODUCTS = 4;

/** dW of a 1x1 convolution: dy x', one product for each picture, and their sum. */
function gradWeightOfPixels(graph: Graph, x: Value, weight: Value, gradOutput: Value): Value {
  const [outputs, inputs] = sizes(weight);
  const [batch, , height, width] = sizes(x);
  const pixels = height * width;
  const flat = (value: Value, channels: number): Value => reshape(graph, value, batch, channels, pixels);
  if (outputs * inputs > LONG_PRODUCTS * pixels * (outputs + inputs)) {
    const wide = (value: Value, channels: number): Value =>
      reshape(graph, graph.node('Transpose', [flat(value, channels)], {perm: [1, 0, 2]}), channels, batch * pixels);
    const long = (value: Value, channels: number): Value =>
      reshape(graph, graph.node('Transpose', [flat(value, channels)], {perm: [0, 2, 1]}), batch * pixels, channels);
    const product = isTall(outputs, inputs)
      ? graph.node('MatMul', [wide(gradOutput, outputs), long(x, inputs)])
      : graph.node('Transpose', [graph.node('MatMul', [wide(x, inputs), long(gradOutput, outputs)])], {perm: [1, 0]});
    return reshape(graph, product, outputs, inputs, 1, 1);
  }
  const perPixel = graph.node('Transpose', [flat(x, inputs)], {perm: [0, 2, 1]});
  const products = graph.node('MatMul', [flat(gradOutput, outputs), perPixel]);
  const ones = graph.constant(new Float32Array(batch).fill(1), [1, batch]);
  const sum = graph.node('MatMul', [ones, reshape(graph, products, batch, outputs * inputs)]);
  return reshape(graph, sum, outputs, inputs, 1, 1);
}

/** dW of a depthwise convolution: x convolved with dy for each image and channel, in N C groups. */
function gradWeightDepthwise(
  graph: Graph,
  x: Value,
  weight: Value,
  gradOutput: Value,
  {stride, padding, dilation = 1}: ConvolutionAttributes,
): Value {
  const [batch, channels, height, width] = sizes(x);
  const [, , rows, columns] = sizes(gradOutput);
  const kernel = sizes(weight)[2];
  const pictures = reshape(graph, x, 1, batch * channels, height, width);
  const kernels = reshape(graph, gradOutput, batch * channels, 1, rows, columns);
  const correlation = graph.node('Conv', [pictures, kernels], {
    group: batch * channels,
    dilations: [stride, stride],
    ...(dilation > 1 ? {strides: [dilation, dilation]} : {}),
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
