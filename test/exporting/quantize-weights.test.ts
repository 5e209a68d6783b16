import {expect} from 'chai';
import type {ModelNode} from '../../src/exporting/graph/model-graph.ts';
import {quantizeWeights} from '../../src/exporting/int8/quantize-weights.ts';
import {tensorProto} from '../../src/onnx/tensor.ts';
import {randomValues} from '../helpers/run-graph.ts';

function nodeOf(opType: string, attributes: Record<string, number> = {}): ModelNode {
  const attribute = Object.entries(attributes).map(([name, i]) => ({name, type: 2, i}));
  return {name: 'n', opType, input: ['x', 'w', 'b'], output: ['y'], attribute};
}

/** The output channels' sums for an input that is the same everywhere: [channel] by weights at [output, input, ...]. */
function sums(
  weight: (output: number, input: number, at: number) => number,
  sizes: [number, number, number],
  x: number[],
) {
  const [outputs, inputs, kernel] = sizes;
  return Array.from({length: outputs}, (_, output) => {
    let sum = 0;
    for (let input = 0; input < inputs; input++)
      for (let at = 0; at < kernel; at++) sum += weight(output, input, at) * x[input];
    return sum;
  });
}

describe('exporting: quantized weights', () => {
  const means = Float64Array.from(randomValues(6, 3, 0, 2));
  const input = {scale: 0.01, means};
  const bias = Float32Array.from(randomValues(4, 4));
  const data = Float32Array.from(randomValues(4 * 6 * 3, 5));

  it('are off by at most half a step, and use all steps in each channel', () => {
    const weight = tensorProto('w', data.slice(0, 24), [4, 6, 1, 1]);
    for (const largest of [63, 127]) {
      const {weights, scales, axis} = quantizeWeights(nodeOf('Conv'), weight, bias, input, largest);
      expect(axis).to.equal(0);
      scales.forEach((scale, channel) => {
        const own = [...weights.slice(channel * 6, channel * 6 + 6)];
        expect(Math.max(...own.map(Math.abs))).to.equal(largest);
        own.forEach((each, i) => {
          expect(Math.abs(each * scale - data[channel * 6 + i])).to.be.at.most(scale * 0.5001);
        });
      });
    }
  });

  const cases: [string, ModelNode, number[], (o: number, i: number, at: number) => number | undefined][] = [
    ['a convolution', nodeOf('Conv'), [4, 6, 3, 1], (o, i, at) => (o * 6 + i) * 3 + at],
    [
      'a convolution in groups',
      nodeOf('Conv', {group: 2}),
      [4, 3, 3, 1],
      (o, i, at) => (i >= 3 === o >= 2 ? (o * 3 + (i % 3)) * 3 + at : undefined),
    ],
    ['a product', nodeOf('Gemm'), [6, 4], (o, i, at) => (at === 0 ? i * 4 + o : undefined)],
    [
      'a product with the weights the other way round',
      nodeOf('Gemm', {transB: 1}),
      [4, 6],
      (o, i, at) => (at === 0 ? o * 6 + i : undefined),
    ],
  ];
  for (const [what, node, dims, indexOf] of cases)
    it(`of ${what} keep the mean of each output`, () => {
      const count = dims.reduce((product, size) => product * size, 1);
      const values = data.slice(0, count);
      const {weights, scales, bias: whole} = quantizeWeights(node, tensorProto('w', values, dims), bias, input, 7);
      const at = (list: ArrayLike<number>) => (o: number, i: number, k: number) => list[indexOf(o, i, k) ?? -1] ?? 0;
      const exact = sums(at(values), [4, 6, 3], [...means]);
      const rounded = sums(at(weights), [4, 6, 3], [...means]);
      const shifts = exact.map((sum, channel) => Math.abs(rounded[channel] * scales[channel] - sum));
      expect(Math.max(...shifts)).to.be.above(0.01);
      exact.forEach((sum, channel) => {
        const after = rounded[channel] * scales[channel] + whole![channel] * scales[channel] * input.scale;
        expect(after).to.be.closeTo(sum + bias[channel], scales[channel] * input.scale);
      });
    });

  it('of a channel that has none, or a bias far beyond them, are no numbers beyond their types', () => {
    const weight = tensorProto('w', Float32Array.of(0, 0, 1e-12, 1e-12), [2, 2, 1, 1]);
    const node = nodeOf('Conv');
    const far = quantizeWeights(node, weight, Float32Array.of(0, 1e6), {scale: 0.01, means: new Float64Array(2)}, 127);
    expect([...far.weights.slice(0, 2)]).to.deep.equal([0, 0]);
    expect(far.scales.every((scale) => Number.isFinite(scale) && scale > 0)).to.equal(true);
    expect(far.bias![1] * far.scales[1] * 0.01).to.be.closeTo(1e6, 1);
  });
});
