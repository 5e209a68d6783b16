import {expect} from 'chai';
import {Graph} from '../../../src/onnx/graph.ts';
import type {Value} from '../../../src/onnx/types.ts';
import {Tape} from '../../../src/training/graphs/tape.ts';
import type {ConvolutionAttributes} from '../../../src/training/operators/convolution-attributes.ts';
import {OPERATORS} from '../../../src/training/operators/index.ts';
import type {Operator} from '../../../src/training/operators/operator.ts';
import {elementsOf, float32, floats, randomValues, relativeError, runGraph} from '../../helpers/run-graph.ts';
import * as reference from './references.ts';
import {type Array64, map} from './references.ts';

const STEP = 1e-5;
/** Number of elements of an input that are tested, if it has more. */
const TRIED = 40;
const FORWARD_TOLERANCE = 1e-5;
const GRADIENT_TOLERANCE = 2e-5;

interface Case<Attributes> {
  what: string;
  inputs: Array64[];
  attributes: Attributes;
}

interface Row<Attributes> {
  reference: (inputs: Array64[], attributes: Attributes) => Array64;
  cases: Case<Attributes>[];
  /** How many inputs, from the first on, have a gradient; default: all. */
  differentiable?: number;
}

type AttributesOf<Name extends keyof typeof OPERATORS> =
  (typeof OPERATORS)[Name] extends Operator<infer Attributes> ? Attributes : never;

let seed = 0;
const random = (...shape: number[]): Array64 => ({shape, data: randomValues(elementsOf(shape), ++seed)});
/** Keeps all elements at least 0.1 away from the points where the function is not differentiable. */
const away = (x: Array64, bends: number[]): Array64 =>
  map(x, (value) => bends.reduce((at, bend) => (Math.abs(at - bend) < 0.1 ? Math.fround(bend + 0.25) : at), value));
const scaled = (x: Array64, factor: number, shift = 0): Array64 => map(x, (v) => Math.fround(v * factor + shift));
/** Different numbers in random order, so that a small step cannot change which is the largest. */
const distinct = (...shape: number[]): Array64 => {
  const noise = random(...shape).data;
  const order = Array.from(noise.keys()).sort((a, b) => noise[a] - noise[b]);
  const data = new Float64Array(noise.length);
  order.forEach((at, rank) => {
    data[at] = Math.fround((rank - noise.length / 2) / 16);
  });
  return {shape, data};
};
const distributions = (batch: number, classes: number): Array64 => {
  const x = map(random(batch, classes), (value) => Math.abs(value));
  const total = (i: number) => x.data.subarray(i, i + classes).reduce((sum, value) => sum + value);
  return map(x, (value, i) => value / total(i - (i % classes)));
};
const oneHot = (batch: number, classes: number): Array64 =>
  map({shape: [batch, classes], data: new Float64Array(batch * classes)}, (_, i) =>
    i % classes === Math.floor(i / classes) % classes ? 1 : 0,
  );
const convolving = (
  what: string,
  [batch, channels, height, width]: number[],
  [filters, kernel]: number[],
  attributes: ConvolutionAttributes,
): Case<ConvolutionAttributes> => ({
  what,
  inputs: [
    random(batch, channels, height, width),
    random(filters, attributes.depthwise ? 1 : channels, kernel, kernel),
  ],
  attributes,
});
const biased = ({what, inputs, attributes}: Case<ConvolutionAttributes>): Case<ConvolutionAttributes> => ({
  what,
  inputs: [...inputs, random(inputs[1].shape[0])],
  attributes,
});
/** Numbers, targets, and weights of which some are 0. */
const pixels = (...shape: number[]) => [
  random(...shape),
  map(random(...shape), Math.abs),
  map(random(...shape), (value) => Math.max(0, value)),
];
const simple = (...shapes: number[][]) =>
  shapes.map((shape) => ({what: `[${shape}]`, inputs: [random(...shape)], attributes: undefined}));
const pools = (make: (...shape: number[]) => Array64) => [
  {what: '2x2, stride 2', inputs: [make(2, 3, 6, 8)], attributes: {kernel: 2, stride: 2, padding: 0}},
  {what: '3x3, stride 2, padded', inputs: [make(2, 3, 8, 10)], attributes: {kernel: 3, stride: 2, padding: 1}},
  {what: '3x3, stride 2, odd sizes', inputs: [make(1, 2, 7, 9)], attributes: {kernel: 3, stride: 2, padding: 1}},
  {what: '3x3, stride 1: windows overlap', inputs: [make(2, 2, 5, 6)], attributes: {kernel: 3, stride: 1, padding: 1}},
  {
    what: '2x2, stride 3: pixels in no window',
    inputs: [make(1, 2, 8, 8)],
    attributes: {kernel: 2, stride: 3, padding: 0},
  },
];

const ROWS: {[Name in keyof typeof OPERATORS]: Row<AttributesOf<Name>>} = {
  add: {
    reference: ([x, y]) => reference.broadcast(x.shape, x, y, (a, b) => a + b),
    cases: [{what: 'of one shape', inputs: [random(2, 3, 4), random(2, 3, 4)], attributes: undefined}],
  },
  multiply: {
    reference: ([x, y]) => reference.broadcast(broadcastShape(x.shape, y.shape), x, y, (a, b) => a * b),
    cases: [
      {what: 'of one shape', inputs: [random(2, 3), random(2, 3)], attributes: undefined},
      {what: 'with one number a channel', inputs: [random(2, 3, 4, 5), random(2, 3, 1, 1)], attributes: undefined},
      {what: 'with a vector of fewer axes', inputs: [random(2, 3, 4), random(4)], attributes: undefined},
      {what: 'with a scalar', inputs: [random(), random(2, 3)], attributes: undefined},
      {what: 'broadcast both ways', inputs: [random(2, 1, 4), random(3, 1)], attributes: undefined},
    ],
  },
  relu: {
    reference: ([x]) => map(x, (value) => Math.max(value, 0)),
    cases: [{what: 'on both sides of 0', inputs: [away(random(4, 20), [0])], attributes: undefined}],
  },
  relu6: {
    reference: ([x]) => map(x, (value) => Math.min(Math.max(value, 0), 6)),
    cases: [{what: 'on all sides', inputs: [away(scaled(random(4, 30), 9), [0, 6])], attributes: undefined}],
  },
  silu: {
    reference: ([x]) => map(x, (value) => value / (1 + Math.exp(-value))),
    cases: [
      {what: 'near 0', inputs: [random(4, 20)], attributes: undefined},
      {what: 'far from 0', inputs: [scaled(random(4, 20), 12)], attributes: undefined},
    ],
  },
  sigmoid: {
    reference: ([x]) => map(x, (value) => 1 / (1 + Math.exp(-value))),
    cases: [{what: 'on both sides of 0', inputs: [scaled(random(4, 20), 5)], attributes: undefined}],
  },
  hardSigmoid: {
    reference: ([x]) => map(x, (value) => Math.min(Math.max(value / 6 + 0.5, 0), 1)),
    cases: [{what: 'on all sides', inputs: [away(scaled(random(4, 30), 6), [-3, 3])], attributes: undefined}],
  },
  hardSwish: {
    reference: ([x]) => map(x, (value) => value * Math.min(Math.max(value / 6 + 0.5, 0), 1)),
    cases: [
      {what: 'on all sides', inputs: [away(scaled(random(4, 30), 6), [-3, 3])], attributes: undefined},
      {what: 'of a picture', inputs: [away(scaled(random(2, 3, 4, 5), 4), [-3, 3])], attributes: undefined},
    ],
  },
  gelu: {
    reference: ([x]) => map(x, (value) => (value * (1 + reference.erf(value / Math.SQRT2))) / 2),
    cases: [
      {what: 'near 0', inputs: [random(4, 20)], attributes: undefined},
      {what: 'far from 0', inputs: [scaled(random(4, 20), 4)], attributes: undefined},
    ],
  },
  convolution: {
    reference: ([x, weight, bias], attributes) => reference.convolution(x, weight, attributes, bias),
    cases: [
      convolving('3x3', [2, 4, 6, 7], [5, 3], {stride: 1, padding: 1}),
      convolving('3x3 without padding', [2, 4, 6, 7], [5, 3], {stride: 1, padding: 0}),
      convolving('3x3, stride 2', [2, 4, 8, 6], [5, 3], {stride: 2, padding: 1}),
      convolving('3x3, stride 2, odd sizes', [2, 4, 7, 9], [5, 3], {stride: 2, padding: 1}),
      convolving('3x3, stride 2, odd by even', [1, 9, 7, 8], [3, 3], {stride: 2, padding: 1}),
      convolving('3x3 of 3 channels, stride 2', [3, 3, 12, 10], [8, 3], {stride: 2, padding: 1}),
      convolving('3x3 of 1 channel', [2, 1, 5, 5], [4, 3], {stride: 1, padding: 1}),
      convolving('3x3 of 24 channels', [2, 24, 6, 6], [16, 3], {stride: 1, padding: 1}),
      convolving('3x3 of 24 channels, stride 2', [2, 24, 7, 6], [16, 3], {stride: 2, padding: 1}),
      convolving('3x3 onto one pixel', [4, 8, 2, 1], [6, 3], {stride: 2, padding: 1}),
      convolving('1x1', [2, 6, 4, 5], [7, 1], {stride: 1, padding: 0}),
      convolving('1x1, stride 2', [2, 6, 5, 6], [7, 1], {stride: 2, padding: 0}),
      convolving('1x1 of 3 channels, stride 2', [2, 3, 4, 6], [2, 1], {stride: 2, padding: 0}),
      convolving('7x7, stride 2, of 3 channels', [2, 3, 14, 17], [4, 7], {stride: 2, padding: 3}),
      convolving('7x7', [1, 8, 9, 8], [3, 7], {stride: 1, padding: 3}),
      convolving('5x5, stride 3', [1, 3, 11, 13], [2, 5], {stride: 3, padding: 2}),
      convolving('6x6, stride 4, padded: pixels go in pairs', [2, 3, 16, 24], [4, 6], {stride: 4, padding: 2}),
      convolving('6x6, stride 4, odd width', [2, 2, 13, 15], [3, 6], {stride: 4, padding: 1}),
      convolving('6x3 runs of 3', [1, 2, 12, 12], [3, 6], {stride: 3, padding: 0}),
      convolving('4x4, stride 4: windows do not overlap', [2, 3, 8, 13], [5, 4], {stride: 4, padding: 0}),
      convolving('4x4, stride 4, padded', [2, 3, 9, 12], [5, 4], {stride: 4, padding: 1}),
      convolving('2x2, stride 2', [2, 9, 7, 6], [4, 2], {stride: 2, padding: 0}),
      convolving('depthwise 3x3', [2, 5, 6, 7], [5, 3], {stride: 1, padding: 1, depthwise: true}),
      convolving('depthwise 3x3, stride 2', [2, 5, 8, 6], [5, 3], {stride: 2, padding: 1, depthwise: true}),
      convolving('depthwise 3x3, stride 2, odd sizes', [3, 4, 7, 9], [4, 3], {stride: 2, padding: 1, depthwise: true}),
      convolving('depthwise 5x5, many channels', [2, 20, 6, 6], [20, 5], {stride: 1, padding: 2, depthwise: true}),
      convolving('3x3, dilation 2', [2, 4, 9, 8], [5, 3], {stride: 1, padding: 2, dilation: 2}),
      convolving('3x3, dilation 3, without padding', [1, 3, 9, 10], [2, 3], {stride: 1, padding: 0, dilation: 3}),
      convolving('3x3, dilation 4: most of it in the padding', [2, 9, 5, 6], [7, 3], {
        stride: 1,
        padding: 4,
        dilation: 4,
      }),
      convolving('3x3, stride 2, dilation 2', [2, 3, 9, 12], [4, 3], {stride: 2, padding: 2, dilation: 2}),
      convolving('3x3, stride 3, dilation 3', [1, 3, 12, 12], [4, 3], {stride: 3, padding: 0, dilation: 3}),
      convolving('depthwise 3x3, dilation 2', [2, 5, 8, 7], [5, 3], {
        stride: 1,
        padding: 2,
        depthwise: true,
        dilation: 2,
      }),
      convolving('depthwise 7x7', [2, 6, 9, 8], [6, 7], {stride: 1, padding: 3, depthwise: true}),
      convolving('depthwise 5x5, stride 2, without padding', [2, 6, 9, 12], [6, 5], {
        stride: 2,
        padding: 0,
        depthwise: true,
      }),
      convolving('depthwise 5x5, more channels than positions', [2, 26, 5, 4], [26, 5], {
        stride: 1,
        padding: 2,
        depthwise: true,
      }),
      convolving('depthwise 3x3 of larger pictures', [2, 3, 15, 14], [3, 3], {
        stride: 1,
        padding: 1,
        depthwise: true,
      }),
      convolving('depthwise 3x3 of larger pictures, many channels, without padding', [1, 10, 18, 15], [10, 3], {
        stride: 1,
        padding: 0,
        depthwise: true,
      }),
      convolving('depthwise 3x3 of wide pictures', [1, 3, 9, 40], [3, 3], {stride: 1, padding: 1, depthwise: true}),
      convolving('depthwise 5x5, stride 2, of larger pictures', [2, 3, 17, 20], [3, 5], {
        stride: 2,
        padding: 2,
        depthwise: true,
      }),
      convolving('1x1 of few pixels to more channels', [3, 20, 1, 2], [24, 1], {stride: 1, padding: 0}),
      convolving('1x1 of few pixels to fewer channels', [3, 24, 1, 2], [20, 1], {stride: 1, padding: 0}),
      biased(
        convolving('depthwise 7x7 of larger pictures with a bias', [1, 2, 12, 30], [2, 7], {
          stride: 1,
          padding: 3,
          depthwise: true,
        }),
      ),
      biased(convolving('depthwise 7x7 with a bias', [2, 6, 9, 8], [6, 7], {stride: 1, padding: 3, depthwise: true})),
      biased(convolving('4x4, stride 4, with a bias', [2, 3, 8, 12], [5, 4], {stride: 4, padding: 0})),
      biased(convolving('1x1 with a bias', [2, 6, 4, 5], [7, 1], {stride: 1, padding: 0})),
      biased(convolving('3x3, stride 2, with a bias', [2, 4, 8, 6], [5, 3], {stride: 2, padding: 1})),
    ],
  },
  batchNorm: {
    reference: ([x, scale, bias], {epsilon}) => reference.batchNorm(x, scale, bias, epsilon),
    cases: [
      {what: 'of a few pixels', inputs: [random(4, 3, 2, 3), random(3), random(3)], attributes: {epsilon: 1e-5}},
      {what: 'of many pixels', inputs: [random(6, 8, 9, 7), random(8), random(8)], attributes: {epsilon: 1e-5}},
      {
        what: 'far from mean 0 and variance 1',
        inputs: [scaled(random(8, 4, 5, 5), 20, 30), random(4), random(4)],
        attributes: {epsilon: 1e-5},
      },
      {what: 'of one channel', inputs: [random(5, 1, 4, 4), random(1), random(1)], attributes: {epsilon: 1e-5}},
      {what: 'with another epsilon', inputs: [random(5, 3, 4, 4), random(3), random(3)], attributes: {epsilon: 0.2}},
    ],
  },
  frozenBatchNorm: {
    reference: ([x, scale, bias, mean, variance], {epsilon}) =>
      reference.frozenBatchNorm(x, scale, bias, mean.data, variance.data, epsilon),
    cases: [
      {
        what: 'of a few pixels',
        inputs: [random(4, 3, 2, 3), random(3), random(3), random(3), map(random(3), (v) => Math.fround(v * v + 0.3))],
        attributes: {epsilon: 1e-3},
      },
      {
        what: 'far from mean 0 and variance 1',
        inputs: [
          scaled(random(6, 5, 7, 9), 20, 30),
          random(5),
          random(5),
          scaled(random(5), 3, 30),
          map(random(5), (v) => Math.fround(300 + 100 * v)),
        ],
        attributes: {epsilon: 1e-5},
      },
    ],
    differentiable: 3,
  },
  layerNorm: {
    reference: ([x, scale, bias], {epsilon}) => reference.layerNorm(x, scale, bias, epsilon),
    cases: [
      {what: 'of vectors', inputs: [random(4, 7), random(7), random(7)], attributes: {epsilon: 1e-6}},
      {what: 'of pictures', inputs: [random(3, 8, 4, 5), random(8), random(8)], attributes: {epsilon: 1e-6}},
      {
        what: 'far from mean 0 and variance 1',
        inputs: [scaled(random(2, 16, 3, 3), 10, -20), random(16), random(16)],
        attributes: {epsilon: 0.1},
      },
    ],
  },
  pad: {
    reference: ([x], attributes) => reference.pad(x, attributes),
    cases: [
      {what: 'below and right', inputs: [random(2, 3, 4, 5)], attributes: {top: 0, left: 0, bottom: 1, right: 1}},
      {what: 'on all sides', inputs: [random(2, 3, 4, 5)], attributes: {top: 1, left: 2, bottom: 3, right: 2}},
    ],
  },
  reshape: {
    reference: ([x]) => ({...x, shape: [x.shape[0], 6, 1, 1]}),
    cases: [{what: 'of a batch', inputs: [random(4, 3, 2)], attributes: {shape: [0, 6, 1, 1]}}],
  },
  globalAveragePool: {
    reference: ([x]) => {
      const {mean} = reference.channelMoments({...x, shape: [1, x.shape[0] * x.shape[1], x.shape[2], x.shape[3]]});
      return {shape: x.shape.slice(0, 2), data: mean};
    },
    cases: simple([2, 3, 4, 5], [3, 2, 1, 1], [1, 7, 3, 2]),
  },
  maxPool: {
    reference: ([x], attributes) => reference.maxPool(x, attributes),
    cases: [
      ...pools(distinct),
      {
        what: 'all negative, padded',
        inputs: [scaled(distinct(1, 2, 5, 5), 1, -50)],
        attributes: {kernel: 3, stride: 2, padding: 1},
      },
    ],
  },
  dense: {
    reference: ([x, weight, bias]) => reference.dense(x, weight, bias),
    cases: [
      {what: '6 to 4', inputs: [random(5, 6), random(6, 4), random(4)], attributes: undefined},
      {what: '1 to 1', inputs: [random(1, 1), random(1, 1), random(1)], attributes: undefined},
      {what: '80 to 5', inputs: [random(16, 80), random(80, 5), random(5)], attributes: undefined},
    ],
  },
  dropout: {
    reference: ([x, noise], {rate}) =>
      map(x, (value, i) => (noise.data[i] >= Math.fround(rate) ? value / (1 - rate) : 0)),
    cases: [0.1, 0.5, 0.8].map((rate) => ({
      what: `of ${rate}`,
      inputs: [random(6, 40), map(random(6, 40), (value) => Math.fround(Math.abs(value)))],
      attributes: {rate},
    })),
    differentiable: 1,
  },
  softmaxCrossEntropy: {
    reference: ([logits, target], {smoothing}) => reference.softmaxCrossEntropy(logits, target, smoothing),
    cases: [
      {what: 'of hard labels', inputs: [random(6, 5), oneHot(6, 5)], attributes: {smoothing: 0}},
      {what: 'of hard labels, smoothed', inputs: [random(6, 5), oneHot(6, 5)], attributes: {smoothing: 0.1}},
      {what: 'of soft labels', inputs: [random(4, 3), distributions(4, 3)], attributes: {smoothing: 0}},
      {what: 'of soft labels, smoothed', inputs: [random(4, 3), distributions(4, 3)], attributes: {smoothing: 0.3}},
      {what: 'of large logits', inputs: [scaled(random(6, 5), 60), oneHot(6, 5)], attributes: {smoothing: 0.02}},
      {what: 'of two labels', inputs: [random(3, 2), oneHot(3, 2)], attributes: {smoothing: 0.05}},
    ],
    differentiable: 1,
  },
  depthToSpace: {
    reference: ([x], {block}) => reference.depthToSpace(x, block),
    cases: [
      {what: 'in blocks of 2', inputs: [random(2, 12, 3, 4)], attributes: {block: 2}},
      {what: 'in blocks of 3', inputs: [random(1, 18, 2, 5)], attributes: {block: 3}},
    ],
  },
  pseudoHuber: {
    reference: (inputs, {bend}) =>
      reference.pixelLoss(inputs, (x, t) => bend * (Math.sqrt(1 + ((x - t) / bend) ** 2) - 1)),
    cases: [
      {what: 'below its bend', inputs: pixels(2, 3, 4, 5), attributes: {bend: 4}},
      {what: 'above its bend', inputs: pixels(2, 3, 4, 5), attributes: {bend: 0.1}},
    ],
    differentiable: 1,
  },
  binaryCrossEntropy: {
    reference: (inputs) =>
      reference.pixelLoss(inputs, (x, t) => t * Math.log1p(Math.exp(-x)) + (1 - t) * Math.log1p(Math.exp(x))),
    cases: [
      {what: 'near 0', inputs: pixels(2, 3, 4, 5), attributes: undefined},
      {
        what: 'far from 0',
        inputs: pixels(2, 2, 3, 4).map((x, i) => (i === 0 ? scaled(x, 30) : x)),
        attributes: undefined,
      },
    ],
    differentiable: 1,
  },
};

describe('training: operators', () => {
  it('has cases for every row of the table', () => {
    expect(Object.keys(ROWS)).to.have.members(Object.keys(OPERATORS));
    for (const {cases} of Object.values(ROWS)) expect(cases).not.to.deep.equal([]);
  });

  for (const [name, row] of Object.entries(ROWS) as [string, Row<unknown>][]) {
    describe(name, () => {
      const operator = OPERATORS[name as keyof typeof OPERATORS] as Operator<unknown>;
      for (const each of row.cases) {
        it(`${each.what}: output and gradients equal the reference`, () => check(operator, row, each));
      }
    });
  }

  it('has a gradient of 0 at the kinks of relu and relu6', async () => {
    const x = {shape: [3], data: Float64Array.of(0, 6, -0)};
    const ones = {shape: [3], data: Float64Array.of(1, 1, 1)};
    const gradientOf = async (operator: Operator<void>) =>
      // -0 is 0 as well.
      [...(await apply(operator, [x], undefined, ones, 1)).gradients[0]].map((value) => value + 0);
    expect(await gradientOf(OPERATORS.relu)).to.deep.equal([0, 1, 0]);
    expect(await gradientOf(OPERATORS.relu6)).to.deep.equal([0, 0, 0]);
  });

  it('gives the gradient of a tie in a max pool to its first pixel only', async () => {
    // As after a rectifier: many zeros, and whole windows of zeros.
    const x = map(random(2, 3, 9, 8), (value) => Math.fround(Math.max(0, value - 0.3)));
    x.data.fill(0, 0, 40);
    for (const attributes of [
      {kernel: 3, stride: 2, padding: 1},
      {kernel: 2, stride: 2, padding: 0},
      {kernel: 3, stride: 1, padding: 1},
    ]) {
      const {shape, positions} = reference.winners(x, attributes);
      const gradOutput = random(...shape);
      const expected = new Float64Array(x.data.length);
      positions.forEach((at, i) => {
        expected[at] += gradOutput.data[i];
      });
      const {gradients} = await apply(OPERATORS.maxPool, [x], attributes, gradOutput, 1);
      expect(relativeError(gradients[0], expected)).to.be.below(1e-6);
    }
  });

  it('keeps the mean and the biased variance of the batch for the running statistics', async () => {
    const x = scaled(random(4, 3, 5, 6), 3, 2);
    const graph = new Graph();
    const value = graph.input('x', 'float32', x.shape);
    const {saved} = OPERATORS.batchNorm.forward(
      graph,
      [value, graph.constant(new Float32Array(3)), graph.constant(new Float32Array(3).fill(1))],
      {epsilon: 1e-5},
    );
    graph.output('mean', saved![0]);
    graph.output('variance', saved![1]);
    const {mean, variance} = await runGraph(graph, {x: float32(x.data, x.shape)});
    const expected = reference.channelMoments(x);
    expect(relativeError(floats(mean), expected.mean)).to.be.below(1e-5);
    expect(relativeError(floats(variance), expected.variance)).to.be.below(1e-5);
  });
});

async function check<Attributes>(operator: Operator<Attributes>, row: Row<Attributes>, each: Case<Attributes>) {
  const {inputs, attributes} = each;
  const expected = row.reference(inputs, attributes);
  const weights = random(...expected.shape);
  const count = row.differentiable ?? inputs.length;
  const {output, gradients} = await apply(operator, inputs, attributes, weights, count);
  expect([...output.dims]).to.deep.equal(expected.shape);
  expect(relativeError(floats(output), expected.data), 'output').to.be.below(FORWARD_TOLERANCE);
  gradients.forEach((gradient, i) => {
    expect(gradient).to.have.length(inputs[i].data.length);
    const tried = positionsToTry(inputs[i].data.length);
    const differences = tried.map((at) => centralDifference(row, each, weights, i, at));
    const actual = tried.map((at) => gradient[at]);
    expect(relativeError(actual, differences), `gradient by input ${i}`).to.be.below(GRADIENT_TOLERANCE);
  });
}

/** The operator's output, and the gradients of sum(output * weights) with respect to the first `count` inputs. */
async function apply<Attributes>(
  operator: Operator<Attributes>,
  inputs: Array64[],
  attributes: Attributes,
  weights: Array64,
  count: number,
) {
  const graph = new Graph();
  const values = inputs.map(({shape}, i) => graph.input(`x${i}`, 'float32', shape));
  const tape = new Tape(graph);
  const {output} = tape.apply(operator, values, attributes);
  const loss = tape.apply(weightedSum, [output, graph.input('weights', 'float32', weights.shape)], undefined).output;
  graph.output('output', output);
  tape.gradients(loss, values.slice(0, count)).forEach((gradient, i) => {
    graph.output(`gradient${i}`, gradient);
  });
  const feeds = inputs.map(({data, shape}, i) => [`x${i}`, float32(data, shape)]);
  const results = await runGraph(graph, {...Object.fromEntries(feeds), weights: float32(weights.data, weights.shape)});
  const gradients = Array.from({length: count}, (_, i) => results[`gradient${i}`]);
  gradients.forEach(({dims}, i) => {
    expect([...dims]).to.deep.equal(inputs[i].shape);
  });
  return {output: results.output, gradients: gradients.map(floats)};
}

/** sum(x * w), which turns any output into a scalar. */
const weightedSum: Operator<void> = {
  forward(graph: Graph, inputs: Value[]) {
    return {output: graph.node('ReduceSum', [graph.node('Mul', inputs)], {keepdims: 0})};
  },
  gradient: (graph, {inputs: [, weights]}, gradOutput) => [graph.node('Mul', [weights, gradOutput]), undefined],
};

function positionsToTry(length: number): number[] {
  const step = Math.max(1, length / TRIED);
  return Array.from({length: Math.min(length, TRIED)}, (_, i) => Math.floor(i * step));
}

function centralDifference<Attributes>(
  {reference}: Row<Attributes>,
  {inputs, attributes}: Case<Attributes>,
  weights: Array64,
  input: number,
  at: number,
): number {
  const sumWith = (change: number) => {
    const moved = inputs.map((each, i) =>
      i === input ? map(each, (value, k) => (k === at ? value + change : value)) : each,
    );
    return reference(moved, attributes).data.reduce((sum, value, i) => sum + value * weights.data[i], 0);
  };
  return (sumWith(STEP) - sumWith(-STEP)) / (2 * STEP);
}

function broadcastShape(a: number[], b: number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({length: rank}, (_, i) => Math.max(a[i - rank + a.length] ?? 1, b[i - rank + b.length] ?? 1));
}
