import {expect} from 'chai';
import {Tensor} from 'onnxruntime-node';
import {Graph} from '../../../src/onnx/graph.ts';
import {ELEMENT_TYPE} from '../../../src/onnx/tensor.ts';
import type {Value} from '../../../src/onnx/types.ts';
import {Tape} from '../../../src/training/graphs/tape.ts';
import {OPERATORS} from '../../../src/training/operators/index.ts';
import type {Operator} from '../../../src/training/operators/operator.ts';
import {float32, floats, randomValues, relativeError, runGraph} from '../../helpers/run-graph.ts';
import {stepOf} from '../step.ts';
import * as reference from './references.ts';
import {type Array64, map} from './references.ts';

const STEP = 1e-5;
let seed = 500;
const random = (...shape: number[]): Array64 => ({
  shape,
  data: randomValues(
    shape.reduce((product, size) => product * size, 1),
    ++seed,
  ),
});
const STRIDED = {stride: 2, padding: 1};
const BORDER = {top: 0, left: 0, bottom: 1, right: 2};
const BYTES = {stride: 4, padding: 2};

/** Everything that can work on values with channels last, one after the other, as networks do; and once with channels first. */
const chain = (
  apply: <A>(operator: Operator<A>, inputs: Value[], attributes: A) => Value,
  [x, ...weights]: Value[],
) => {
  const [first, scale, bias, second, third] = weights;
  const strided = apply(OPERATORS.convolution, [x, first], STRIDED);
  const block = apply(OPERATORS.relu, [apply(OPERATORS.batchNorm, [strided, scale, bias], {epsilon: 1e-5})], undefined);
  const branch = apply(OPERATORS.convolution, [block, second], {stride: 1, padding: 1});
  const joined = apply(OPERATORS.pad, [apply(OPERATORS.add, [block, branch], undefined)], BORDER);
  return apply(OPERATORS.globalAveragePool, [apply(OPERATORS.convolution, [joined, third], STRIDED)], undefined);
};

function referenceOf([x, first, scale, bias, second, third]: Array64[]): Array64 {
  const strided = reference.convolution(x, first, STRIDED);
  const block = map(reference.batchNorm(strided, scale, bias, 1e-5), (value) => Math.max(value, 0));
  const branch = reference.convolution(block, second, {stride: 1, padding: 1});
  const joined = reference.pad(
    map(block, (value, i) => value + branch.data[i]),
    BORDER,
  );
  const last = reference.convolution(joined, third, STRIDED);
  const [batch, channels, height, width] = last.shape;
  const {mean} = reference.channelMoments({...last, shape: [1, batch * channels, height, width]});
  return {shape: [batch, channels], data: mean};
}

describe('training: values with their channels last', () => {
  it('go through a chain of operators, forward and backward', async () => {
    const inputs = [
      random(4, 3, 11, 14),
      random(6, 3, 3, 3),
      random(6),
      random(6),
      random(6, 6, 3, 3),
      random(5, 6, 3, 3),
    ];
    const weights = random(4, 5);
    const graph = new Graph();
    const tape = new Tape(graph);
    const values = inputs.map(({shape}, i) => graph.input(`x${i}`, 'float32', shape));
    const output = chain((operator, of, attributes) => tape.apply(operator, of, attributes).output, values);
    const weighted = tape.apply(weightedSum, [output, graph.input('weights', 'float32', weights.shape)], undefined);
    graph.output('output', output);
    tape.gradients(weighted.output, values).forEach((gradient, i) => {
      graph.output(`gradient${i}`, gradient);
    });
    const feeds = Object.fromEntries(inputs.map(({data, shape}, i) => [`x${i}`, float32(data, shape)]));
    const results = await runGraph(graph, {...feeds, weights: float32(weights.data, weights.shape)});
    expect(relativeError(floats(results.output), referenceOf(inputs).data)).to.be.below(1e-5);
    inputs.forEach(({data}, i) => {
      const tried = Array.from({length: Math.min(12, data.length)}, (_, k) => Math.floor((k * data.length) / 12));
      const differences = tried.map((at) => {
        const sum = (change: number) => {
          const moved = inputs.map((each, k) =>
            k === i ? map(each, (value, position) => value + (position === at ? change : 0)) : each,
          );
          return referenceOf(moved).data.reduce((total, value, k) => total + value * weights.data[k], 0);
        };
        return (sum(STEP) - sum(-STEP)) / (2 * STEP);
      });
      const gradient = floats(results[`gradient${i}`]);
      const actual = tried.map((at) => gradient[at]);
      expect(relativeError(actual, differences), `gradient by input ${i}`).to.be.below(1e-4);
    });
  });

  it('convolves bytes, also with a factor for each channel of each picture', async () => {
    const [batch, height, width, filters] = [3, 16, 20, 5];
    const bytes = Uint8Array.from({length: batch * height * width * 3}, (_, i) => (i * 7919) % 256);
    const factors = map(random(batch, 3, 1, 1), (value) => Math.fround(2 + value));
    const weight = random(filters, 3, 6, 6);
    const rows = (height + 2 * BYTES.padding - 6) / BYTES.stride + 1;
    const columns = (width + 2 * BYTES.padding - 6) / BYTES.stride + 1;
    const gradOutput = random(batch, filters, Math.floor(rows), Math.floor(columns));

    const graph = new Graph();
    const image = graph.input('image', 'uint8', [batch, height, width, 3]);
    const pixels = graph.node('Cast', [graph.node('Transpose', [image], {perm: [0, 3, 1, 2]})], {
      to: ELEMENT_TYPE.float32,
    });
    const kernels = graph.input('weight', 'float32', weight.shape);
    const scaled = graph.node('Mul', [pixels, graph.input('factors', 'float32', factors.shape)]);
    const wanted = [false, true];
    for (const [name, x] of Object.entries({plain: pixels, scaled})) {
      const {output, saved = []} = OPERATORS.convolution.forward(graph, [x, kernels], BYTES);
      const application = {attributes: BYTES, inputs: [x, kernels], output, saved};
      const given = graph.input(`gradOutput.${name}`, 'float32', gradOutput.shape);
      const [, gradient] = OPERATORS.convolution.gradient(graph, application, given, wanted);
      graph.output(`${name}.output`, output);
      graph.output(`${name}.gradient`, gradient!);
    }
    const given = float32(gradOutput.data, gradOutput.shape);
    const results = await runGraph(graph, {
      image: new Tensor('uint8', bytes, [batch, height, width, 3]),
      weight: float32(weight.data, weight.shape),
      factors: float32(factors.data, factors.shape),
      'gradOutput.plain': given,
      'gradOutput.scaled': given,
    });
    const x: Array64 = {shape: [batch, 3, height, width], data: new Float64Array(bytes.length)};
    bytes.forEach((value, i) => {
      const [channel, pixel] = [i % 3, Math.floor(i / 3) % (height * width)];
      const picture = Math.floor(i / (3 * height * width));
      x.data[(picture * 3 + channel) * height * width + pixel] = value;
    });
    const perChannel = map(x, (value, i) => value * factors.data[Math.floor(i / (height * width))]);
    for (const [name, input] of Object.entries({plain: x, scaled: perChannel})) {
      const output = floats(results[`${name}.output`]);
      expect(relativeError(output, reference.convolution(input, weight, BYTES).data), name).to.be.below(1e-5);
      // The output is linear in the kernel: each gradient is the output of a kernel that is 1 there and 0 elsewhere.
      const gradient = floats(results[`${name}.gradient`]);
      for (let at = 0; at < gradient.length; at += 37) {
        const unit = map(weight, (_, i) => (i === at ? 1 : 0));
        const expected = reference
          .convolution(input, unit, BYTES)
          .data.reduce((sum, value, i) => sum + value * gradOutput.data[i], 0);
        expect(gradient[at]).to.be.closeTo(expected, 1e-5 * Math.max(...gradient.map(Math.abs)));
      }
    }
  });

  it('are never transposed in a step of strided convolutions', () => {
    const {node} = stepOf('conv4', {batchSize: 64, height: 56, width: 120, classes: 3}).graph.toProto('step');
    const permutations = node.filter(({opType}) => opType === 'Transpose').map(({attribute}) => attribute?.[0].ints);
    const between = permutations.filter((ints) => [`${[0, 3, 1, 2]}`, `${[0, 2, 3, 1]}`].includes(`${ints}`));
    // The gradient of a kernel has the pixels of a filter side by side: one for each of the four convolutions.
    expect(between).to.have.length(4);
  });
});

/** sum(x * w), which turns any output into a scalar. */
const weightedSum: Operator<void> = {
  forward(graph: Graph, inputs: Value[]) {
    return {output: graph.node('ReduceSum', [graph.node('Mul', inputs)], {keepdims: 0})};
  },
  gradient: (graph, {inputs: [, weights]}, gradOutput) => [graph.node('Mul', [weights, gradOutput]), undefined],
};
