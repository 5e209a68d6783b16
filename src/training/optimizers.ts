/** Optimizers as graph nodes over the flat vector of parameters. */
import type {Graph} from '../onnx/graph.ts';
import type {Value} from '../onnx/types.ts';
import type {Layout} from './parameters.ts';

export interface OptimizerInputs {
  parameters: Value;
  gradient: Value;
  learningRate: Value;
  weightDecay: Value;
  /** State vectors by name. */
  state: Record<string, Value>;
  /** Scalars by name. */
  scalars: Record<string, Value>;
}

export interface Optimizer {
  /** Names of the state vectors, which are as long as the parameters and start at zero. */
  state: readonly string[];
  /** Scalars besides learning rate and weight decay, for a step counted from 1. */
  scalars(step: number): Record<string, number>;
  /** Adds the nodes of one update. */
  update(graph: Graph, inputs: OptimizerInputs, layout: Layout): {parameters: Value; state: Record<string, Value>};
}

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;
const MOMENTUM = 0.9;

/**
 * AdamW (Loshchilov & Hutter 2019, arXiv:1711.05101), with bias corrections and decoupled weight decay:
 *   m' = b1 m + (1 - b1) g,  v' = b2 v + (1 - b2) g^2
 *   p' = p - lr (m' / (1 - b1^t)) / (sqrt(v' / (1 - b2^t)) + eps) - lr wd p
 */
const adamw: Optimizer = {
  state: ['firstMoment', 'secondMoment'],
  scalars: (step) => ({firstCorrection: 1 / (1 - BETA1 ** step), secondCorrection: 1 / (1 - BETA2 ** step)}),
  update(graph, {parameters, gradient, learningRate, weightDecay, state, scalars}, layout) {
    const squared = graph.node('Mul', [gradient, gradient]);
    const firstMoment = average(graph, state.firstMoment, gradient, graph.scalar(BETA1), graph.scalar(1 - BETA1));
    const secondMoment = average(graph, state.secondMoment, squared, graph.scalar(BETA2), graph.scalar(1 - BETA2));
    const spread = graph.node('Sqrt', [graph.node('Mul', [secondMoment, scalars.secondCorrection])]);
    const direction = graph.node('Div', [
      graph.node('Mul', [firstMoment, scalars.firstCorrection]),
      graph.node('Add', [spread, graph.scalar(EPSILON)]),
    ]);
    const decay = decayTerm(graph, parameters, weightDecay, layout);
    const change = graph.node('Mul', [graph.node('Add', [direction, decay]), learningRate]);
    return {parameters: graph.node('Sub', [parameters, change]), state: {firstMoment, secondMoment}};
  },
};

/** Stochastic gradient descent with momentum, as in PyTorch: u' = 0.9 u + g + wd p,  p' = p - lr u'. */
const sgd: Optimizer = {
  state: ['momentum'],
  scalars: () => ({}),
  update(graph, {parameters, gradient, learningRate, weightDecay, state}, layout) {
    const decayed = graph.node('Add', [gradient, decayTerm(graph, parameters, weightDecay, layout)]);
    const momentum = graph.node('Add', [graph.node('Mul', [state.momentum, graph.scalar(MOMENTUM)]), decayed]);
    const change = graph.node('Mul', [momentum, learningRate]);
    return {parameters: graph.node('Sub', [parameters, change]), state: {momentum}};
  },
};

export const OPTIMIZERS = {adamw, sgd} satisfies Record<string, Optimizer>;
export type OptimizerName = keyof typeof OPTIMIZERS;

/** keep a + take b. */
export function average(graph: Graph, a: Value, b: Value, keep: Value, take: Value): Value {
  return graph.node('Add', [graph.node('Mul', [a, keep]), graph.node('Mul', [b, take])]);
}

/** Clips the gradient's Euclidean norm to `limit` (Pascanu et al. 2013, arXiv:1211.5063). */
export function clipByNorm(graph: Graph, gradient: Value, limit: number): Value {
  const norm = graph.node('Sqrt', [graph.node('ReduceSum', [graph.node('Mul', [gradient, gradient])], {keepdims: 0})]);
  const allowed = graph.node('Div', [graph.scalar(limit), graph.node('Add', [norm, graph.scalar(1e-6)])]);
  return graph.node('Mul', [gradient, graph.node('Min', [allowed, graph.scalar(1)])]);
}

/** wd p for the decayed parameters, which come first, and 0 for the others. */
function decayTerm(graph: Graph, parameters: Value, weightDecay: Value, {decayedCount, parameterCount}: Layout): Value {
  const decayed = graph.node('Slice', [parameters, graph.integers(0), graph.integers(decayedCount), graph.integers(0)]);
  const rest = graph.constant(new Float32Array(parameterCount - decayedCount));
  return graph.node('Concat', [graph.node('Mul', [decayed, weightDecay]), rest], {axis: 0});
}
