import {expect} from 'chai';
import type {Tensor} from 'onnxruntime-node';
import {Graph} from '../../src/onnx/graph.ts';
import type {Value} from '../../src/onnx/types.ts';
import {clipByNorm, OPTIMIZERS, type OptimizerName} from '../../src/training/optimizers.ts';
import {type Layout, type ParameterSpec, placeParameters} from '../../src/training/parameters.ts';
import {type Feeds, float32, floats, loadGraph, randomValues, relativeError, runGraph} from '../helpers/run-graph.ts';

const STEPS = 5;
const DECAYED = 7;
const COUNT = 12;
const LEARNING_RATES = [0.1, 0.2, 0.15, 0.05, 0.01];

/** The update rules of the papers, one parameter at a time, in float64. */
const REFERENCES: Record<OptimizerName, (parameters: Float64Array, gradients: Float64Array[], decay: number) => void> =
  {
    adamw(p, gradients, decay) {
      const m = new Float64Array(COUNT);
      const v = new Float64Array(COUNT);
      gradients.forEach((g, i) => {
        const t = i + 1;
        for (let k = 0; k < COUNT; k++) {
          m[k] = 0.9 * m[k] + 0.1 * g[k];
          v[k] = 0.999 * v[k] + 0.001 * g[k] ** 2;
          const mHat = m[k] / (1 - 0.9 ** t);
          const vHat = v[k] / (1 - 0.999 ** t);
          const wd = k < DECAYED ? decay : 0;
          p[k] -= LEARNING_RATES[i] * (mHat / (Math.sqrt(vHat) + 1e-8) + wd * p[k]);
        }
      });
    },
    sgd(p, gradients, decay) {
      const u = new Float64Array(COUNT);
      gradients.forEach((g, i) => {
        for (let k = 0; k < COUNT; k++) {
          u[k] = 0.9 * u[k] + g[k] + (k < DECAYED ? decay : 0) * p[k];
          p[k] -= LEARNING_RATES[i] * u[k];
        }
      });
    },
  };

function layout(decayed: number, plain: number): Layout {
  const spec = (name: string, length: number, decays: boolean): ParameterSpec => ({
    name,
    shape: [length],
    initial: 0,
    fanIn: 1,
    decayed: decays,
  });
  return placeParameters([spec('bias', plain, false), spec('weight', decayed, true)], []);
}

async function run(name: OptimizerName, start: Float64Array, gradients: Float64Array[], weightDecay: number) {
  const optimizer = OPTIMIZERS[name];
  const graph = new Graph();
  const vector = (of: string): Value => graph.input(of, 'float32', [COUNT]);
  const scalar = (of: string): Value => graph.input(of, 'float32', []);
  const named = (names: readonly string[], make: (of: string) => Value) =>
    Object.fromEntries(names.map((of) => [of, make(of)]));
  const inputs = {parameters: vector('parameters'), gradient: vector('gradient')};
  const rates = {learningRate: scalar('learningRate'), weightDecay: scalar('weightDecay')};
  const state = named(optimizer.state, vector);
  const scalars = named(Object.keys(optimizer.scalars(1)), scalar);
  const updated = optimizer.update(graph, {...inputs, ...rates, state, scalars}, layout(DECAYED, COUNT - DECAYED));
  expect(Object.keys(updated.state)).to.have.members([...optimizer.state]);
  for (const [of, value] of Object.entries({parameters: updated.parameters, ...updated.state}))
    graph.output(`next.${of}`, value);

  const session = await loadGraph(graph);
  let vectors: Feeds = Object.fromEntries(optimizer.state.map((of) => [of, float32(new Float32Array(COUNT))]));
  vectors.parameters = float32(start);
  for (let step = 0; step < STEPS; step++) {
    const numbers = {learningRate: LEARNING_RATES[step], weightDecay, ...optimizer.scalars(step + 1)};
    const results = await session.run({
      ...vectors,
      gradient: float32(gradients[step]),
      ...Object.fromEntries(Object.entries(numbers).map(([of, value]) => [of, float32([value], [])])),
    });
    vectors = Object.fromEntries(Object.keys(vectors).map((of) => [of, results[`next.${of}`] as Tensor]));
  }
  await session.release();
  return floats(vectors.parameters);
}

describe('training: optimizers', () => {
  for (const name of Object.keys(OPTIMIZERS) as OptimizerName[]) {
    for (const decay of [0, 0.3]) {
      it(`${name} follows the formula over ${STEPS} steps, weight decay ${decay}`, async () => {
        const start = randomValues(COUNT, 1);
        const gradients = Array.from({length: STEPS}, (_, i) => randomValues(COUNT, i + 2, -2, 2));
        // Small and zero gradients, for which epsilon matters.
        for (const gradient of gradients) gradient.set([0, 1e-9], 3);
        const expected = Float64Array.from(start);
        REFERENCES[name](expected, gradients, decay);
        expect(relativeError(await run(name, start, gradients, decay), expected)).to.be.below(1e-5);
      });
    }
  }

  it('decays only the decayed parameters', async () => {
    const start = new Float64Array(COUNT).fill(1);
    const none = Array.from({length: STEPS}, () => new Float64Array(COUNT));
    for (const name of Object.keys(OPTIMIZERS) as OptimizerName[]) {
      const end = await run(name, start, none, 0.3);
      expect(Math.max(...end.subarray(0, DECAYED)), name).to.be.below(0.95);
      expect([...end.subarray(DECAYED)], name).to.deep.equal(new Array(COUNT - DECAYED).fill(1));
    }
  });

  it('scales a gradient down to the largest norm, and does not change a smaller one', async () => {
    for (const [gradient, limit, expected] of [
      [[3, 4, 0], 1, [0.6, 0.8, 0]],
      [[3, 4, 0], 5.1, [3, 4, 0]],
      [[0.3, -0.4, 0], 1, [0.3, -0.4, 0]],
      [[0, 0, 0], 1, [0, 0, 0]],
      [[3e8, -4e8, 0], 2, [1.2, -1.6, 0]],
    ]) {
      const graph = new Graph();
      graph.output('clipped', clipByNorm(graph, graph.input('gradient', 'float32', [3]), limit as number));
      const {clipped} = await runGraph(graph, {gradient: float32(gradient as number[])});
      expect(relativeError(floats(clipped), expected as number[])).to.be.below(1e-5);
    }
  });
});
