import type {NodeProto} from '../../onnx/schema.ts';
import type {AddedNodes} from './added-nodes.ts';
import {float, integer, integers, type ModelNodes} from './model-nodes.ts';

/** A constant of the graph, such as a bias, and its weight in the score: what it adds whatever the picture shows. */
export interface ConstantTerm {
  /** [N, ...]. */
  weight: string;
  /** Broadcasts to the shape of the weight. */
  value: string;
  /** Height and width, if the weight is [N, C, H, W]: the constant is added at each place. */
  places?: readonly [height: number, width: number];
}

/** The weights in the score of what a node takes. */
export interface Passed {
  inputs: [value: string, weight: string][];
  constants: ConstantTerm[];
}

export interface RuleContext {
  added: AddedNodes;
  nodes: ModelNodes;
  /** Shapes of the values on the way, for one picture. */
  shapes: ReadonlyMap<string, readonly number[]>;
}

/**
 * How a node passes the weight of its output in the score on to what it takes, so that the sum of inputs times weights and constants
 * times weights is the output times its weight; undefined where it cannot.
 */
type Rule = (node: NodeProto, weight: string, context: RuleContext) => Passed | undefined;

const pass: Rule = ({input: [x]}, weight) => ({inputs: [[x, weight]], constants: []});

const relu: Rule = ({input: [x], output: [y]}, weight, {added}) => ({
  inputs: [[x, added.node('Mul', [weight, added.node('Sign', [y])])]],
  constants: [],
});

/** An activation f with f(0) = 0 multiplies x by f(x) / x, which is taken as given for this picture. */
const activation: Rule = ({input: [x], output: [y]}, weight, {added}) => {
  const isZero = added.node('Equal', [x, added.scalar(0)]);
  const slope = added.node('Div', [y, added.node('Where', [isZero, added.scalar(1), x])]);
  return {inputs: [[x, added.node('Mul', [weight, slope])]], constants: []};
};

const add: Rule = (node, weight, context) => {
  return sameShape(node, context) ? shareOf(node.input, [weight, weight], context) : undefined;
};

const subtract: Rule = (node, weight, context) => {
  if (!sameShape(node, context)) return undefined;
  return shareOf(node.input, [weight, context.added.node('Neg', [weight])], context);
};

function shareOf(values: string[], weights: string[], {nodes}: RuleContext): Passed {
  const passed: Passed = {inputs: [], constants: []};
  values.forEach((value, i) => {
    if (nodes.isConstant(value)) passed.constants.push({weight: weights[i], value});
    else passed.inputs.push([value, weights[i]]);
  });
  return passed;
}

/** What is broadcast would need the sum over its copies. */
function sameShape({input, output: [y]}: NodeProto, {nodes, shapes}: RuleContext): boolean {
  const free = input.filter((name) => !nodes.isConstant(name));
  return free.every((name) => `${shapes.get(name)}` === `${shapes.get(y)}`);
}

/** One factor passes the weight on; the other, such as a gate or a temperature, is taken as given for this picture. */
const multiply: Rule = (node, weight, context) => {
  const {added, nodes, shapes} = context;
  const [a, b] = node.input;
  const factor = explainedFactor(a, b, nodes);
  if (factor === undefined || `${shapes.get(factor)}` !== `${shapes.get(node.output[0])}`) return undefined;
  return {inputs: [[factor, added.node('Mul', [weight, factor === a ? b : a])]], constants: []};
};

const divide: Rule = ({input: [a, b], output: [y]}, weight, {added, nodes, shapes}) => {
  if (nodes.isSpatial(b) || `${shapes.get(a)}` !== `${shapes.get(y)}`) return undefined;
  return {inputs: [[a, added.node('Div', [weight, b])]], constants: []};
};

const GATES = ['Sigmoid', 'HardSigmoid'];

function explainedFactor(a: string, b: string, nodes: ModelNodes): string | undefined {
  const onlyOne = (those: string[]) => (those.length === 1 ? those[0] : undefined);
  const free = [a, b].filter((name) => !nodes.isConstant(name));
  const spatial = free.filter((name) => nodes.isSpatial(name));
  const open = free.filter((name) => !GATES.includes(nodes.producer(name)?.opType ?? ''));
  return onlyOne(free) ?? onlyOne(spatial) ?? onlyOne(open);
}

/** alpha A B + beta C, with constant B. */
const gemm: Rule = (node, weight, context) => {
  const {added, nodes} = context;
  const [a, b, c = ''] = node.input;
  if (integer(node, 'transA', 0) !== 0 || nodes.isConstant(a) || !nodes.isConstant(b)) return undefined;
  const [alpha, beta] = [float(node, 'alpha', 1), float(node, 'beta', 1)];
  const transB = 1 - integer(node, 'transB', 0);
  const back = added.node('Gemm', [weight, b], {transB, alpha: {float: alpha}});
  const rest = c === '' ? [] : [c];
  const share = beta === 1 ? weight : added.node('Mul', [weight, added.scalar(beta)]);
  const {inputs, constants} = shareOf(rest, [share], context);
  return {inputs: [[a, back], ...inputs], constants};
};

/** A B with a constant matrix B. */
const matMul: Rule = ({input: [a, b]}, weight, {added, nodes}) => {
  if (nodes.isConstant(a) || !nodes.isConstant(b)) return undefined;
  const transposed = added.node('Transpose', [b], {perm: [1, 0]});
  return {inputs: [[a, added.node('MatMul', [weight, transposed])]], constants: []};
};

const reshape: Rule = ({input: [x]}, weight, {added}) => ({
  inputs: [[x, added.node('Reshape', [weight, added.node('Shape', [x])])]],
  constants: [],
});

const transpose: Rule = (node, weight, {added}) => {
  const perm = integers(node, 'perm');
  if (!perm) return undefined;
  const back = perm.map((_, axis) => perm.indexOf(axis));
  return {inputs: [[node.input[0], added.node('Transpose', [weight], {perm: back})]], constants: []};
};

/** A mean over places: each has the same share. */
const mean: Rule = (node, weight, {added, shapes}) => {
  const [x] = node.input;
  const shape = shapes.get(x);
  const axes = node.opType === 'GlobalAveragePool' ? [2, 3] : integers(node, 'axes')?.map((axis) => (axis + 4) % 4);
  if (shape?.length !== 4 || !axes || axes.includes(0)) return undefined;
  const places = axes.reduce((product, axis) => product * shape[axis], 1);
  const kept = shape.map((size, axis) => (axis === 0 ? -1 : axes.includes(axis) ? 1 : size));
  const share = added.node('Mul', [weight, added.scalar(1 / places)]);
  const column = added.node('Reshape', [share, added.integers(...kept)]);
  return {inputs: [[x, added.node('Expand', [column, added.node('Shape', [x])])]], constants: []};
};

const convolution: Rule = (node, weight, {added, nodes, shapes}) => {
  const [x, kernel, bias = ''] = node.input;
  const [before, after, size] = [x, node.output[0], kernel].map((name) => shapes.get(name));
  if (before?.length !== 4 || after?.length !== 4 || !size || !nodes.isConstant(kernel)) return undefined;
  const places = [after[2], after[3]] as const;
  const column = bias === '' ? undefined : added.node('Reshape', [bias, added.integers(-1, 1, 1)]);
  const strides = integers(node, 'strides') ?? [1, 1];
  const dilations = integers(node, 'dilations') ?? [1, 1];
  const pads = integers(node, 'pads') ?? [0, 0, 0, 0];
  // The last rows and columns, which no step of the kernel has reached, get a weight of 0.
  const unreached = [0, 1].map((axis) => {
    const covered = (places[axis] - 1) * strides[axis] + dilations[axis] * (size[2 + axis] - 1) + 1;
    return before[2 + axis] + pads[axis] + pads[2 + axis] - covered;
  });
  const attributes = {strides, dilations, pads, group: integer(node, 'group', 1), output_padding: unreached};
  return {
    inputs: [[x, added.node('ConvTranspose', [weight, kernel], attributes)]],
    constants: column === undefined ? [] : [{weight, value: column, places}],
  };
};

/** By operator; a graph with others on the way is explained up to them. */
export const RULES: Readonly<Record<string, Rule>> = {
  Identity: pass,
  Dropout: pass,
  Relu: relu,
  Clip: activation,
  LeakyRelu: activation,
  HardSwish: activation,
  Elu: activation,
  Gelu: activation,
  Add: add,
  Sub: subtract,
  Mul: multiply,
  Div: divide,
  Gemm: gemm,
  MatMul: matMul,
  Reshape: reshape,
  Flatten: reshape,
  Squeeze: reshape,
  Unsqueeze: reshape,
  Transpose: transpose,
  GlobalAveragePool: mean,
  ReduceMean: mean,
  Conv: convolution,
};
