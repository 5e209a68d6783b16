import {expect} from 'chai';
import {Graph} from '../../src/onnx/graph.ts';
import {SHAPE_RULES} from '../../src/onnx/shapes.ts';
import {ELEMENT_TYPE} from '../../src/onnx/tensor.ts';
import type {Attributes, Value} from '../../src/onnx/types.ts';
import {elementsOf, float32, loadGraph, randomValues} from '../helpers/run-graph.ts';

type Shape = readonly number[];

/** A use of an operator: shapes of its float32 inputs, then constant integer inputs, then attributes. */
interface Use {
  of: Shape[];
  integers?: number[][];
  attributes?: Attributes;
  /** Creates the inputs, instead of `of` and `integers`. */
  inputs?: (graph: Graph, floats: Value[]) => Value[];
  outputs?: number;
}

const BROADCAST: Use[] = [
  {
    of: [
      [2, 3],
      [2, 3],
    ],
  },
  {
    of: [
      [2, 1, 4],
      [3, 1],
    ],
  },
  {of: [[], [5]]},
  {
    of: [
      [4, 1, 1],
      [2, 1, 3, 5],
    ],
  },
];
const UNARY: Use[] = [{of: [[2, 3, 4]]}, {of: [[]]}];
const square = (kernel: number, stride: number, padding: number): Attributes => ({
  kernel_shape: [kernel, kernel],
  strides: [stride, stride],
  pads: [padding, padding, padding, padding],
});
const POOLS: Use[] = [
  {of: [[2, 3, 7, 9]], attributes: square(3, 2, 1)},
  {of: [[1, 2, 8, 5]], attributes: {kernel_shape: [2, 3]}},
];
const REDUCE: Use[] = [
  {of: [[2, 3, 4]], attributes: {axes: [1]}},
  {of: [[2, 3, 4]], attributes: {axes: [0, -1], keepdims: 0}},
  {of: [[2, 3, 4]]},
  {of: [[2, 3, 4]], attributes: {keepdims: 0}},
];

const USES: Record<keyof typeof SHAPE_RULES, Use[]> = {
  Add: BROADCAST,
  Sub: BROADCAST,
  Mul: BROADCAST,
  Div: BROADCAST,
  Pow: BROADCAST,
  Min: BROADCAST,
  Max: BROADCAST,
  Greater: BROADCAST,
  Less: BROADCAST,
  Equal: BROADCAST,
  Where: [
    {of: [[2, 3], [3], [2, 1]], inputs: (graph, [a, b, c]) => [graph.node('Greater', [a, graph.scalar(0)]), b, c]},
  ],
  Neg: UNARY,
  Abs: UNARY,
  Exp: UNARY,
  Log: UNARY,
  Sqrt: UNARY,
  Reciprocal: UNARY,
  Sign: UNARY,
  Relu: UNARY,
  Sigmoid: UNARY,
  HardSigmoid: UNARY,
  Erf: UNARY,
  Tanh: UNARY,
  Identity: UNARY,
  Clip: [{of: [[2, 3]], inputs: (graph, [x]) => [x, graph.scalar(0), graph.scalar(6)]}],
  Softmax: [{of: [[2, 5]], attributes: {axis: 1}}],
  BatchNormalization: [{of: [[2, 3, 4, 5], [3], [3], [3], [3]], attributes: {epsilon: {float: 1e-5}}}],
  Cast: [
    {of: [[2, 3]], attributes: {to: ELEMENT_TYPE.uint8}},
    {of: [[2, 3]], attributes: {to: ELEMENT_TYPE.int32}},
    {of: [[2, 3]], attributes: {to: ELEMENT_TYPE.int64}},
    {of: [[2, 3]], attributes: {to: ELEMENT_TYPE.bool}},
  ],
  Conv: [
    {
      of: [
        [2, 3, 7, 9],
        [4, 3, 3, 3],
      ],
    },
    {
      of: [
        [2, 3, 7, 10],
        [4, 3, 3, 3],
      ],
      attributes: {strides: [2, 2], pads: [1, 1, 1, 1]},
    },
    {
      of: [
        [2, 4, 8, 7],
        [4, 1, 3, 5],
      ],
      attributes: {group: 4, pads: [0, 1, 2, 3], strides: [1, 2]},
    },
    {of: [[1, 2, 11, 11], [2, 2, 3, 3], [2]], attributes: {dilations: [2, 3]}},
  ],
  ConvTranspose: [
    {
      of: [
        [2, 3, 5, 4],
        [3, 2, 3, 3],
      ],
    },
    {
      of: [
        [2, 3, 5, 4],
        [3, 2, 3, 3],
      ],
      attributes: {strides: [2, 2], pads: [1, 1, 1, 1], output_padding: [1, 0]},
    },
    {
      of: [
        [2, 4, 5, 4],
        [4, 1, 3, 3],
      ],
      attributes: {group: 4, strides: [2, 2], dilations: [1, 2]},
    },
  ],
  MaxPool: POOLS,
  AveragePool: POOLS,
  DepthToSpace: [{of: [[2, 12, 3, 4]], attributes: {blocksize: 2}}],
  GlobalAveragePool: [{of: [[2, 3, 4, 5]]}],
  ReduceMean: REDUCE,
  ReduceMax: REDUCE,
  ReduceMin: REDUCE,
  ReduceSumSquare: REDUCE,
  ReduceSum: [
    {of: [[2, 3, 4]], integers: [[0, 2]], attributes: {keepdims: 0}},
    {of: [[2, 3, 4]], integers: [[-1]]},
    {of: [[2, 3, 4]], attributes: {keepdims: 0}},
    {of: [[2, 3, 4]]},
  ],
  MatMul: [
    {
      of: [
        [2, 3],
        [3, 4],
      ],
    },
    {
      of: [
        [5, 2, 3],
        [3, 4],
      ],
    },
    {
      of: [
        [5, 1, 2, 3],
        [2, 3, 4],
      ],
    },
  ],
  Gemm: [
    {
      of: [
        [2, 3],
        [3, 4],
      ],
    },
    {of: [[3, 2], [3, 4], [4]], attributes: {transA: 1}},
    {
      of: [
        [2, 3],
        [4, 3],
      ],
      attributes: {transB: 1},
    },
    {
      of: [
        [3, 2],
        [4, 3],
      ],
      attributes: {transA: 1, transB: 1},
    },
  ],
  Transpose: [
    {of: [[2, 3, 4, 5]], attributes: {perm: [0, 3, 1, 2]}},
    {of: [[2, 3]], attributes: {perm: [1, 0]}},
  ],
  Reshape: [
    {of: [[2, 3, 4]], integers: [[6, 4]]},
    {of: [[2, 3, 4]], integers: [[0, -1]]},
    {of: [[2, 3, 4]], integers: [[-1]]},
    {of: [[2, 3, 4]], integers: [[4, 0, -1]]},
  ],
  Expand: [
    {of: [[3, 1]], integers: [[2, 3, 4]]},
    {of: [[2, 1, 4]], integers: [[3, 1]]},
  ],
  Concat: [
    {
      of: [
        [2, 3],
        [2, 5],
      ],
      attributes: {axis: 1},
    },
    {
      of: [
        [2, 3],
        [1, 3],
        [4, 3],
      ],
      attributes: {axis: -2},
    },
  ],
  Slice: [
    {of: [[5, 7]], integers: [[1], [4], [0]]},
    {
      of: [[5, 7]],
      integers: [
        [0, 1],
        [5, 6],
        [0, 1],
        [2, 3],
      ],
    },
    {of: [[5, 7]], integers: [[-3], [100], [1]]},
    {
      of: [[5, 7]],
      integers: [
        [1, 2],
        [-1, -2],
      ],
    },
    {of: [[5, 7]], integers: [[4], [2], [1]]},
    {of: [[2, 3, 5, 7]], integers: [[1], [5], [-1], [2]]},
  ],
  Pad: [
    {of: [[2, 3, 4]], integers: [[0, 1, 2, 0, 3, 0]]},
    {of: [[2, 3, 4]], integers: [[0, -1, 0, 0, 0, -2]]},
  ],
  Gather: [
    {
      of: [[2, 5, 3]],
      attributes: {axis: 1},
      inputs: (graph, [x]) => [x, graph.constant(Int32Array.of(0, 4, 1, 1, 2, 3), [2, 3])],
    },
    {of: [[5, 3]], inputs: (graph, [x]) => [x, graph.constant(Int32Array.of(4, 0))]},
  ],
};

describe('onnx: shapes', () => {
  it('has a test case for every operator of the table', () => {
    expect(Object.keys(USES)).to.have.members(Object.keys(SHAPE_RULES));
  });

  for (const [opType, uses] of Object.entries(USES)) {
    it(`infers the same shapes as onnxruntime for ${opType}`, async () => {
      for (const {of, integers = [], attributes = {}, inputs} of uses) {
        const graph = new Graph();
        const floats = of.map((shape, i) => graph.input(`x${i}`, 'float32', shape));
        const all = inputs?.(graph, floats) ?? [...floats, ...integers.map((values) => graph.integers(...values))];
        const value = graph.node(opType, all, attributes);
        graph.output('y', value);
        const session = await loadGraph(graph);
        const feeds = of.map((shape, i) => [`x${i}`, float32(randomValues(elementsOf(shape), i + 1, 0.5, 2), shape)]);
        const {y} = await session.run(Object.fromEntries(feeds));
        await session.release();
        expect([y.type, ...y.dims], `${JSON.stringify({of, integers, attributes})}`).to.deep.equal([
          value.type,
          ...value.shape,
        ]);
      }
    });
  }

  it('keeps symbolic sizes', () => {
    const graph = new Graph();
    const image = graph.input('image', 'uint8', ['N', 8, 6, 3]);
    const pixels = graph.node('Cast', [graph.node('Transpose', [image], {perm: [0, 3, 1, 2]})], {to: 1});
    expect(pixels.shape).to.deep.equal(['N', 3, 8, 6]);
    const weight = graph.constant(new Float32Array(5 * 3 * 9), [5, 3, 3, 3]);
    const convolved = graph.node('Conv', [pixels, weight], {strides: [2, 2], pads: [1, 1, 1, 1]});
    expect(convolved.shape).to.deep.equal(['N', 5, 4, 3]);
    expect(graph.node('ReduceMean', [convolved], {axes: [2, 3], keepdims: 0}).shape).to.deep.equal(['N', 5]);
    expect(graph.node('Reshape', [convolved, graph.integers(-1, 60)]).shape).to.deep.equal(['N', 60]);
    expect(graph.node('Reshape', [convolved, graph.integers(0, 60)]).shape).to.deep.equal(['N', 60]);
    expect(graph.node('Reshape', [convolved, graph.integers(0, 5, -1)]).shape).to.deep.equal(['N', 5, 12]);
    expect(graph.node('Add', [convolved, graph.scalar(1)]).shape).to.deep.equal(['N', 5, 4, 3]);
  });

  it('divides symbolic sizes and brings them back, as long as the padding keeps them', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', ['N', 3, 'H', 'W']);
    const weight = (filters: number, channels: number, kernel: number) =>
      graph.constant(new Float32Array(filters * channels * kernel * kernel), [filters, channels, kernel, kernel]);
    const half = graph.node('Conv', [x, weight(8, 3, 5)], {strides: [2, 2], pads: [2, 2, 2, 2]});
    expect(half.shape).to.deep.equal(['N', 8, 'H/2', 'W/2']);
    const quarter = graph.node('Conv', [half, weight(8, 8, 3)], {strides: [2, 2], pads: [1, 1, 1, 1]});
    expect(quarter.shape).to.deep.equal(['N', 8, 'H/4', 'W/4']);
    const wide = graph.node('Conv', [quarter, weight(8, 8, 3)], {dilations: [3, 3], pads: [3, 3, 3, 3]});
    expect(wide.shape).to.deep.equal(quarter.shape);
    const raised = graph.node('DepthToSpace', [wide], {blocksize: 2});
    expect(raised.shape).to.deep.equal(['N', 2, 'H/2', 'W/2']);
    expect(
      graph.node('DepthToSpace', [graph.node('Conv', [raised, weight(4, 2, 1)])], {blocksize: 2}).shape,
    ).to.deep.equal(['N', 1, 'H', 'W']);
    expect(() => graph.node('Conv', [x, weight(8, 3, 5)])).to.throw(RangeError, /the size H must be known/);
    expect(() => graph.node('DepthToSpace', [quarter], {blocksize: 8})).to.throw(RangeError, /do not fill blocks/);
    const narrow = graph.input('narrow', 'float32', ['N', 4, 'H', 'W']);
    expect(() => graph.node('DepthToSpace', [narrow], {blocksize: 2})).to.throw(RangeError, /the size H must be known/);
  });

  const sized = (graph: Graph, ...shapes: (number | string)[][]): Value[] =>
    shapes.map((shape, i) => graph.input(`x${i}`, 'float32', shape));
  const MISTAKES: [what: string, opType: string, (graph: Graph) => Value[], attributes: Attributes, reason: RegExp][] =
    [
      [
        'an operator without a rule',
        'Einsum',
        (graph) => sized(graph, [1]),
        {},
        /no shape rule for the operator Einsum/,
      ],
      ['sizes that do not broadcast', 'Add', (graph) => sized(graph, [2, 3], [2, 4]), {}, /sizes 3 and 4 differ/],
      ['different unknown sizes', 'Mul', (graph) => sized(graph, ['N'], ['M']), {}, /sizes N and M differ/],
      ['matrices that do not fit', 'Gemm', (graph) => sized(graph, [2, 3], [2, 4]), {}, /inner sizes 3 and 2 differ/],
      ['matrices that do not fit', 'MatMul', (graph) => sized(graph, [2, 3], [2, 4]), {}, /inner sizes 3 and 2 differ/],
      [
        'different channels',
        'Conv',
        (graph) => sized(graph, [1, 3, 8, 8], [4, 2, 3, 3]),
        {},
        /channels 3 and 2 differ/,
      ],
      ['a kernel too large', 'Conv', (graph) => sized(graph, [1, 3, 2, 2], [4, 3, 3, 3]), {}, /kernel is larger/],
      ['a kernel too large', 'MaxPool', (graph) => sized(graph, [1, 3, 2, 2]), square(3, 1, 0), /kernel is larger/],
      [
        'too many elements',
        'Reshape',
        (graph) => [...sized(graph, [2, 3]), graph.integers(4, 2)],
        {},
        /elements 6 and 8 differ/,
      ],
      [
        'a remaining size that is not a whole number',
        'Reshape',
        (graph) => [...sized(graph, [2, 3]), graph.integers(4, -1)],
        {},
        /cannot take the shape/,
      ],
      ['a shape that is not a constant', 'Reshape', (graph) => sized(graph, [2], [1]), {}, /must be a constant/],
      ['an unknown element type', 'Cast', (graph) => sized(graph, [2]), {to: 99}, /unknown element type 99/],
      [
        'a slice of an unknown size',
        'Slice',
        (graph) => [...sized(graph, ['N', 3]), graph.integers(0), graph.integers(1), graph.integers(0)],
        {},
        /the size N must be known/,
      ],
    ];
  for (const [what, opType, inputs, attributes, reason] of MISTAKES) {
    it(`rejects ${what} (${opType}), naming operator and inputs`, () => {
      const graph = new Graph();
      expect(() => graph.node(opType, inputs(graph), attributes)).to.throw(RangeError, reason);
      if (opType !== 'Einsum')
        expect(() => new Graph().node(opType, inputs(new Graph()), attributes)).to.throw(`${opType}(`);
    });
  }
});
