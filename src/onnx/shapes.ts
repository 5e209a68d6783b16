/**
 * Shape inference: one rule per supported operator, from the types and shapes of the inputs to those of the outputs.
 * Definitions: https://onnx.ai/onnx/operators (opset 17).
 */

import {type DataType, ELEMENT_TYPE} from './tensor.ts';
import type {Attributes, Dimension, Value} from './types.ts';

interface Inferred {
  type: DataType;
  shape: readonly Dimension[];
}

type ShapeRule = (inputs: Value[], attributes: Attributes) => Inferred;

/** The types and shapes of a node's outputs. Throws a RangeError if the inputs do not fit the operator. */
export function inferShapes(opType: string, inputs: Value[], attributes: Attributes, outputs: number): Inferred[] {
  const rule = SHAPE_RULES[opType];
  if (!rule) throw new RangeError(`no shape rule for the operator ${opType}`);
  try {
    const inferred = rule(inputs, attributes);
    if (outputs === 1) return [inferred];
    return Array.from({length: outputs}, () => inferred);
  } catch (error) {
    const signature = inputs.map(({type, shape}) => `${type}[${shape}]`).join(', ');
    throw new RangeError(`${opType}(${signature}) ${JSON.stringify(attributes)}: ${(error as Error).message}`);
  }
}

const elementwise: ShapeRule = ([x]) => ({type: x.type, shape: x.shape});
const broadcasting: ShapeRule = (inputs) => ({
  type: inputs[0].type,
  shape: inputs.map((input) => input.shape).reduce(broadcast),
});
const comparison: ShapeRule = (inputs, attributes) => ({...broadcasting(inputs, attributes), type: 'bool'});

const reduction =
  (axesOf: (inputs: Value[], attributes: Attributes) => number[]): ShapeRule =>
  (inputs, attributes) => {
    const [x] = inputs;
    const axes = axesOf(inputs, attributes).map((axis) => fromEnd(axis, x.shape.length));
    const keep = integer(attributes.keepdims, 1) === 1;
    const shape = x.shape.flatMap((size, axis) => (axes.includes(axis) ? (keep ? [1] : []) : [size]));
    return {type: x.type, shape};
  };
const reduceByAttribute = reduction(([x], {axes}) => (axes as number[] | undefined) ?? x.shape.map((_, i) => i));
const reduceByInput = reduction(([x, axes]) => (axes ? constantIntegers(axes) : x.shape.map((_, i) => i)));

/** One rule per operator. */
export const SHAPE_RULES: Record<string, ShapeRule> = {
  Add: broadcasting,
  Sub: broadcasting,
  Mul: broadcasting,
  Div: broadcasting,
  Min: broadcasting,
  Max: broadcasting,
  Pow: broadcasting,
  Greater: comparison,
  Less: comparison,
  Equal: comparison,
  Where: ([condition, x, y]) => ({type: x.type, shape: [condition.shape, x.shape, y.shape].reduce(broadcast)}),
  Neg: elementwise,
  Abs: elementwise,
  Exp: elementwise,
  Log: elementwise,
  Sqrt: elementwise,
  Reciprocal: elementwise,
  Sign: elementwise,
  Relu: elementwise,
  Clip: elementwise,
  Sigmoid: elementwise,
  HardSigmoid: elementwise,
  Erf: elementwise,
  Tanh: elementwise,
  Softmax: elementwise,
  Identity: elementwise,
  BatchNormalization: elementwise,
  Cast: ([x], {to}) => ({type: typeOf(to as number), shape: x.shape}),
  Conv: ([x, w], attributes) => convolution(x, w, attributes),
  ConvTranspose: ([x, w], attributes) => transposedConvolution(x, w, attributes),
  MaxPool: ([x], attributes) => pooling(x, attributes),
  AveragePool: ([x], attributes) => pooling(x, attributes),
  DepthToSpace: ([x], {blocksize}) => {
    const block = blocksize as number;
    const [batch, depth, height, width] = x.shape;
    const channels = whole(depth) / (block * block);
    if (!Number.isInteger(channels))
      throw new RangeError(`${depth} channels do not fill blocks of ${block} x ${block}`);
    return {type: x.type, shape: [batch, channels, times(height, block), times(width, block)]};
  },
  GlobalAveragePool: ([x]) => ({type: x.type, shape: [x.shape[0], x.shape[1], 1, 1]}),
  ReduceMean: reduceByAttribute,
  ReduceMax: reduceByAttribute,
  ReduceMin: reduceByAttribute,
  ReduceSumSquare: reduceByAttribute,
  ReduceSum: reduceByInput,
  MatMul: ([a, b]) => ({type: a.type, shape: matrixProduct(a.shape, b.shape)}),
  Gemm: ([a, b], {transA, transB}) => {
    const [m, k] = transA ? [a.shape[1], a.shape[0]] : a.shape;
    const [inner, n] = transB ? [b.shape[1], b.shape[0]] : b.shape;
    same(k, inner, 'inner sizes');
    return {type: a.type, shape: [m, n]};
  },
  Transpose: ([x], {perm}) => ({type: x.type, shape: (perm as number[]).map((axis) => x.shape[axis])}),
  Reshape: ([x, shape]) => ({type: x.type, shape: reshaped(x.shape, constantIntegers(shape))}),
  Expand: ([x, shape]) => ({type: x.type, shape: broadcast(x.shape, constantIntegers(shape))}),
  Concat: (inputs, {axis}) => {
    const at = fromEnd(axis as number, inputs[0].shape.length);
    const sizes = inputs.map((input) => input.shape[at]);
    const total = sizes.every((size) => typeof size === 'number')
      ? (sizes as number[]).reduce((a, b) => a + b)
      : sizes.join('+');
    return {type: inputs[0].type, shape: inputs[0].shape.map((size, i) => (i === at ? total : size))};
  },
  Slice: ([x, starts, ends, axes, steps]) => {
    const shape = [...x.shape];
    const to = constantIntegers(ends);
    const by = steps ? constantIntegers(steps) : to.map(() => 1);
    const along = (axes ? constantIntegers(axes) : to.map((_, i) => i)).map((axis) => fromEnd(axis, x.shape.length));
    constantIntegers(starts).forEach((start, i) => {
      const size = whole(shape[along[i]]);
      if (by[i] < 1) throw new RangeError(`a step of ${by[i]} is not supported`);
      const clamp = (at: number): number => Math.min(Math.max(at < 0 ? at + size : at, 0), size);
      shape[along[i]] = Math.max(0, Math.ceil((clamp(to[i]) - clamp(start)) / by[i]));
    });
    return {type: x.type, shape};
  },
  Pad: ([x, pads]) => {
    const amounts = constantIntegers(pads);
    const rank = x.shape.length;
    const padded = (size: Dimension, i: number): Dimension => {
      const extra = amounts[i] + amounts[i + rank];
      return extra === 0 ? size : whole(size) + extra;
    };
    return {type: x.type, shape: x.shape.map(padded)};
  },
  Gather: ([x, indices], {axis}) => {
    const at = fromEnd(integer(axis, 0), x.shape.length);
    return {type: x.type, shape: [...x.shape.slice(0, at), ...indices.shape, ...x.shape.slice(at + 1)]};
  },
};

function broadcast(a: readonly Dimension[], b: readonly Dimension[]): Dimension[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({length: rank}, (_, i) => {
    const x = a[i - rank + a.length] ?? 1;
    const y = b[i - rank + b.length] ?? 1;
    if (x === 1) return y;
    if (y !== 1) same(x, y, 'sizes');
    return x;
  });
}

function matrixProduct(a: readonly Dimension[], b: readonly Dimension[]): Dimension[] {
  same(a[a.length - 1], b[b.length - 2], 'inner sizes');
  return [...broadcast(a.slice(0, -2), b.slice(0, -2)), a[a.length - 2], b[b.length - 1]];
}

interface Window {
  kernel: number[];
  strides: number[];
  pads: number[];
  dilations: number[];
}

function windowOf(attributes: Attributes, kernel: number[]): Window {
  return {
    kernel,
    strides: (attributes.strides as number[] | undefined) ?? [1, 1],
    pads: (attributes.pads as number[] | undefined) ?? [0, 0, 0, 0],
    dilations: (attributes.dilations as number[] | undefined) ?? [1, 1],
  };
}

function slide(size: Dimension, axis: number, {kernel, strides, pads, dilations}: Window): Dimension {
  const span = dilations[axis] * (kernel[axis] - 1) + 1;
  const padded = pads[axis] + pads[axis + 2];
  if (typeof size === 'string') {
    if (Math.floor((padded - span) / strides[axis]) !== -1) throw new RangeError(`the size ${size} must be known`);
    return over(size, strides[axis]);
  }
  const result = Math.floor((size + padded - span) / strides[axis]) + 1;
  if (result < 1) throw new RangeError('the kernel is larger than the padded input');
  return result;
}

function convolution(x: Value, w: Value, attributes: Attributes): Inferred {
  const groups = integer(attributes.group, 1);
  same(whole(x.shape[1]), whole(w.shape[1]) * groups, 'channels');
  const window = windowOf(attributes, w.shape.slice(2) as number[]);
  return {type: x.type, shape: [x.shape[0], w.shape[0], slide(x.shape[2], 0, window), slide(x.shape[3], 1, window)]};
}

function transposedConvolution(x: Value, w: Value, attributes: Attributes): Inferred {
  const groups = integer(attributes.group, 1);
  same(x.shape[1], w.shape[0], 'channels');
  const {kernel, strides, pads, dilations} = windowOf(attributes, w.shape.slice(2) as number[]);
  const extra = (attributes.output_padding as number[] | undefined) ?? [0, 0];
  const grown = [0, 1].map((axis) => {
    const span = dilations[axis] * (kernel[axis] - 1) + 1;
    return strides[axis] * (whole(x.shape[axis + 2]) - 1) + extra[axis] + span - pads[axis] - pads[axis + 2];
  });
  return {type: x.type, shape: [x.shape[0], whole(w.shape[1]) * groups, ...grown]};
}

function pooling(x: Value, attributes: Attributes): Inferred {
  const window = windowOf(attributes, attributes.kernel_shape as number[]);
  return {type: x.type, shape: [x.shape[0], x.shape[1], slide(x.shape[2], 0, window), slide(x.shape[3], 1, window)]};
}

/** A symbolic size is taken to be a multiple of what divides it: `H` by 2 is `H/2`, and that by 2 is `H/4`. */
function over(size: string, divisor: number): string {
  const [name, by = '1'] = size.split('/');
  return divisor === 1 ? size : `${name}/${Number(by) * divisor}`;
}

function times(size: Dimension, factor: number): Dimension {
  if (typeof size === 'number') return size * factor;
  const [name, by = '1'] = size.split('/');
  const rest = Number(by) / factor;
  if (!Number.isInteger(rest)) throw new RangeError(`the size ${size} must be known`);
  return rest === 1 ? name : `${name}/${rest}`;
}

/** 0 keeps a size, and -1 takes the remaining elements. A symbolic size can only be kept, or be the remaining one. */
function reshaped(from: readonly Dimension[], to: number[]): Dimension[] {
  const kept = to.map((size, i) => (size === 0 ? from[i] : size));
  if (!kept.includes(-1)) {
    const numbers = [...from, ...kept].every((size) => typeof size === 'number');
    if (numbers) same(elements(from), elements(kept), 'elements');
    return kept;
  }
  const rest = [...from];
  const others = kept.filter((size) => size !== -1);
  for (const size of others.filter((each) => typeof each === 'string')) rest.splice(rest.indexOf(size), 1);
  const known = elements(others.filter((each) => typeof each === 'number'));
  const symbols = rest.filter((each) => typeof each === 'string');
  const left = elements(rest.filter((each) => typeof each === 'number')) / known;
  if (!Number.isInteger(left)) throw new RangeError(`[${from}] cannot take the shape [${to}]`);
  const inferred = symbols.length === 0 ? left : left === 1 ? symbols[0] : `${left}*${symbols.join('*')}`;
  return kept.map((size) => (size === -1 ? inferred : size));
}

function elements(shape: readonly Dimension[]): number {
  return shape.reduce<number>((product, size) => product * whole(size), 1);
}

function constantIntegers(value: Value): number[] {
  if (!value.data) throw new RangeError(`${value.name} must be a constant`);
  return Array.from(value.data as BigInt64Array, Number);
}

function typeOf(number: number): DataType {
  const entry = Object.entries(ELEMENT_TYPE).find(([, element]) => element === number);
  if (!entry) throw new RangeError(`unknown element type ${number}`);
  return entry[0] as DataType;
}

function integer(attribute: Attributes[string] | undefined, fallback: number): number {
  return (attribute as number | undefined) ?? fallback;
}

function fromEnd(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

function whole(size: Dimension): number {
  if (typeof size !== 'number') throw new RangeError(`the size ${size} must be known`);
  return size;
}

function same(a: Dimension, b: Dimension, what: string): void {
  if (a !== b) throw new RangeError(`${what} ${a} and ${b} differ`);
}
