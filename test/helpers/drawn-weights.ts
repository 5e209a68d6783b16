/**
 * Weights and pictures that follow from their names alone. scripts/drawn_weights.py draws the same to the last bit, so a network
 * here and one in PyTorch can be compared without a file between them.
 */
import {Tensor} from 'onnxruntime-node';
import type {Layout, ParameterSpec} from '../../src/training/parameters.ts';
import {elementsOf, float32} from './run-graph.ts';

/** `count` numbers even in [low, high): a hash of the name and of each position. */
export function drawn(name: string, count: number, low: number, high: number): Float32Array {
  let start = 0x811c9dc5;
  for (const byte of Buffer.from(name)) start = Math.imul(start ^ byte, 0x01000193);
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const state = (start + Math.imul(i + 1, 0x9e3779b9)) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    values[i] = low + (high - low) * (((mixed ^ (mixed >>> 15)) >>> 0) / 0x100000000);
  }
  return values;
}

/** Where the scales and biases of normalizations lie. */
export const RANGES = {
  /** In inference form, each layer's output is about as large as its input. */
  wide: {scale: [0.7, 1.3], bias: [-0.3, 0.3]},
  /**
   * With a batch's statistics, few rectifiers are near 0. Where many are, rounding decides some, which changes all gradients before:
   * then no two programs agree.
   */
  calm: {scale: [0.2, 0.5], bias: [0.2, 1.2]},
} as const;

/** What weights are drawn by. */
export interface Draw {
  ranges: keyof typeof RANGES;
  seed: number;
}

/** A value for each parameter and running statistic: no scale is 1, no bias 0, and statistics are as after some training. */
export function drawnWeights(layout: Layout, draw: Draw): {parameters: Float32Array; statistics: Float32Array} {
  const parameters = new Float32Array(layout.parameterCount);
  for (const spec of layout.parameters) parameters.set(drawnParameter(spec, draw), spec.offset);
  const statistics = new Float32Array(layout.statisticCount);
  for (const {name, offset, length} of layout.statistics) {
    const [low, high] = name.endsWith('running_var') ? [0.5, 1.5] : [-0.3, 0.3];
    statistics.set(drawn(`${draw.seed}/${name}`, length, low, high), offset);
  }
  return {parameters, statistics};
}

function drawnParameter({name, shape, fanIn, transposed}: ParameterSpec, {ranges, seed}: Draw): Float32Array {
  const [low, high] = rangeOf(name, shape, fanIn, ranges);
  const values = drawn(`${seed}/${name}`, elementsOf(shape), low, high);
  return transposed ? transpose(values, shape[1]) : values;
}

function rangeOf(name: string, shape: number[], fanIn: number, ranges: Draw['ranges']): readonly [number, number] {
  const bound = Math.sqrt(6 / fanIn);
  if (shape.length > 1) return [-bound, bound];
  if (name.endsWith('.gamma')) return [0.3, 0.9];
  return RANGES[ranges][name.endsWith('.weight') ? 'scale' : 'bias'];
}

/** Values of [rows, columns] in the order of [columns, rows]; PyTorch has the weights of dense layers the other way round. */
export function transpose(values: Float32Array, rows: number): Float32Array {
  const columns = values.length / rows;
  return values.map((_, i) => values[(i % rows) * columns + Math.floor(i / rows)]);
}

export interface BatchShape {
  batchSize: number;
  height: number;
  width: number;
  classes: number;
}

const SQUARE = 8;

/** Pictures of squares with noise, so that each is unlike the others, and labels that alternate. */
export function drawnBatch({batchSize, height, width, classes}: BatchShape) {
  const [rows, columns] = [Math.ceil(height / SQUARE), Math.ceil(width / SQUARE)];
  const squares = drawn('squares', batchSize * rows * columns * 3, 0, 192);
  const noise = drawn('noise', batchSize * height * width * 3, 0, 64);
  const image = new Uint8Array(noise.length);
  for (let i = 0; i < image.length; i++) {
    const pixel = Math.floor(i / 3);
    const [picture, row] = [Math.floor(pixel / (height * width)), Math.floor(pixel / width) % height];
    const square = (picture * rows + Math.floor(row / SQUARE)) * columns + Math.floor((pixel % width) / SQUARE);
    image[i] = Math.floor(squares[square * 3 + (i % 3)]) + Math.floor(noise[i]);
  }
  const target = new Float32Array(batchSize * classes);
  for (let i = 0; i < batchSize; i++) target[i * classes + (i % classes)] = 1;
  return {
    image: new Tensor('uint8', image, [batchSize, height, width, 3]),
    target: float32(target, [batchSize, classes]),
  };
}
