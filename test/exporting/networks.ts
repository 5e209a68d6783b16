/** Networks with random weights of all that networks are made of, as model files. */
import type {Windows} from '../../src/exporting/pictures/windows.ts';
import {Graph} from '../../src/onnx/graph.ts';
import {ELEMENT_TYPE} from '../../src/onnx/tensor.ts';
import type {Value} from '../../src/onnx/types.ts';
import {randomNumbers} from '../helpers/images.ts';

export const SIZE = {width: 24, height: 16};

/** Windows of noise, each of another brightness. */
export function noiseWindows(count: number, seed = 1): Windows {
  const random = randomNumbers(seed);
  const windows = Array.from({length: count}, () => {
    const brightness = 40 + 200 * random();
    return Uint8Array.from({length: SIZE.width * SIZE.height * 3}, () => brightness * random());
  });
  return {size: SIZE, count, window: (index) => windows[index]};
}

/** A network with a residual, a depthwise convolution, gates, pools, a joined vector and products of matrices. */
export function variedGraph(): Graph {
  const graph = new Graph();
  const random = randomNumbers(7);
  const weights = (shape: number[]) => {
    const fanIn = shape.slice(1).reduce((product, size) => product * size, 1);
    const length = shape.reduce((product, size) => product * size, 1);
    return graph.constant(
      Float32Array.from({length}, () => ((random() - 0.5) * 4) / Math.sqrt(fanIn)),
      shape,
    );
  };
  const bias = (channels: number) => graph.constant(Float32Array.from({length: channels}, () => random() - 0.5));
  const convolution = (x: Value, filters: number, kernel: number, group = 1): Value => {
    const pad = (kernel - 1) / 2;
    const inputs = [x, weights([filters, (x.shape[1] as number) / group, kernel, kernel]), bias(filters)];
    return graph.node('Conv', inputs, {strides: [1, 1], pads: [pad, pad, pad, pad], group});
  };
  const image = graph.input('image', 'uint8', ['N', SIZE.height, SIZE.width, 3]);
  const levels = graph.node('Cast', [graph.node('Transpose', [image], {perm: [0, 3, 1, 2]})], {
    to: ELEMENT_TYPE.float32,
  });
  const pixels = graph.node('Mul', [levels, graph.scalar(1 / 255)]);
  const stem = graph.node('Relu', [convolution(pixels, 8, 3)]);
  const pooled = graph.node('MaxPool', [stem], {kernel_shape: [2, 2], strides: [2, 2]});
  const deep = graph.node('Clip', [convolution(pooled, 8, 3, 8), graph.scalar(0), graph.scalar(6)]);
  const both = convolution(graph.node('Concat', [pooled, deep], {axis: 1}), 8, 1);
  const residual = graph.node('Relu', [graph.node('Add', [pooled, both])]);
  const squeezed = graph.node('Relu', [convolution(graph.node('GlobalAveragePool', [residual]), 4, 1)]);
  const gate = graph.node('Sigmoid', [convolution(squeezed, 8, 1)]);
  const gated = graph.node('Mul', [residual, gate]);
  const mean = graph.node('Reshape', [graph.node('GlobalAveragePool', [gated]), graph.integers(0, 8)]);
  const hidden = graph.node('Relu', [graph.node('Gemm', [mean, weights([12, 8]), bias(12)], {transB: 1})]);
  const features = graph.node('Relu', [graph.node('MatMul', [hidden, weights([12, 10])])]);
  // A square and its mean, as in a variance, and numbers of another size beside it.
  const square = graph.node('GlobalAveragePool', [graph.node('Mul', [deep, deep])]);
  const spread = graph.node('Mul', [graph.node('Reshape', [square, graph.integers(0, 8)]), graph.scalar(1e-3)]);
  const all = graph.node('Concat', [features, spread], {axis: 1});
  const logits = graph.node('Gemm', [all, weights([18, 3]), bias(3)]);
  graph.output('probabilities', graph.node('Softmax', [logits], {axis: 1}));
  graph.output('features', features);
  // Something outside the network that looks into it, at a layer that is computed with whole numbers.
  const seen = graph.node('ReduceMean', [graph.node('Mul', [both, both])], {axes: [1, 2, 3], keepdims: 0});
  graph.output('novelty', graph.node('Sqrt', [seen]));
  return graph;
}
