import {expect} from 'chai';
import type {Tensor} from 'onnxruntime-node';
import {
  buildSeparationGraph,
  buildSeparationStep,
  separationLayout,
} from '../../../src/training/graphs/separation-graph.ts';
import {FIELDS} from '../../../src/training/networks/separation.ts';
import {OPTIMIZERS} from '../../../src/training/optimizers.ts';
import {initialParameters, initialStatistics} from '../../../src/training/parameters.ts';
import {
  type Feeds,
  float32,
  floats,
  loadGraph,
  randomValues,
  relativeError,
  runGraph,
} from '../../helpers/run-graph.ts';

const SHAPE = {batchSize: 2, height: 16, width: 24};
const PIXELS = SHAPE.height * SHAPE.width;

describe('training: separation graph', () => {
  const layout = separationLayout();

  it('stays below what may ship and what a pixel may cost', () => {
    expect(layout.parameterCount).to.be.below(150_000);
    const multiplications = layout.parameters
      .filter(({shape}) => shape.length === 4)
      .reduce((sum, {name, length}) => sum + length / (/^(down|coarse|up)/.test(name) ? 16 : 4), 0);
    expect(multiplications).to.be.below(10_000);
  });

  it('learns from a step to the next, by a gradient that a small step against it confirms', async () => {
    const {graph, state, scalars} = buildSeparationStep({
      ...SHAPE,
      layout,
      optimizer: OPTIMIZERS.sgd,
      clipNorm: 0,
    });
    const session = await loadGraph(graph);
    const initial: Record<string, Float32Array> = {
      parameters: initialParameters(layout, 3),
      statistics: initialStatistics(layout),
    };
    const count = (SHAPE.batchSize * FIELDS.length * PIXELS) / 4;
    const fields = (seed: number) =>
      float32(randomValues(count, seed, 0), [SHAPE.batchSize, FIELDS.length, SHAPE.height / 2, SHAPE.width / 2]);
    const feeds: Feeds = {
      input: float32(randomValues(SHAPE.batchSize * 3 * PIXELS, 4), [SHAPE.batchSize, 3, SHAPE.height, SHAPE.width]),
      target: fields(5),
      numbers: fields(6),
      answers: fields(7),
    };
    const run = async (vectors: Feeds, learningRate: number) => {
      const values: Record<string, number> = {learningRate, statisticsMomentum: 0.5};
      const given = Object.fromEntries(scalars.map((name) => [name, float32([values[name] ?? 0], [])]));
      return (await session.run({...feeds, ...vectors, ...given})) as Record<string, Tensor>;
    };
    const vectors = Object.fromEntries(
      state.map(({name, length}) => [name, float32(initial[name] ?? new Float32Array(length))]),
    );
    const RATE = 1e-5;
    const first = await run(vectors, RATE);
    const next = Object.fromEntries(state.map(({name}) => [name, first[`next.${name}`]]));
    const second = await run(next, RATE);
    await session.release();
    const before = floats(vectors.parameters);
    const norm = floats(next.parameters).reduce((sum, value, i) => sum + ((before[i] - value) / RATE) ** 2, 0);
    const fall = floats(first.loss)[0] - floats(second.loss)[0];
    expect(fall / (RATE * norm)).to.be.within(0.9, 1.1);
    expect(floats(next.statistics)).to.not.deep.equal(floats(vectors.statistics));
  });

  it('is exported for crops of any size, each of which is answered alone', async () => {
    const graph = buildSeparationGraph(layout, initialParameters(layout, 1), initialStatistics(layout));
    const session = await loadGraph(graph);
    const one = randomValues(3 * PIXELS, 8);
    const two = randomValues(3 * PIXELS, 9);
    const both = await session.run({input: float32([...one, ...two], [2, 3, SHAPE.height, SHAPE.width])});
    const alone = await session.run({input: float32(two, [1, 3, SHAPE.height, SHAPE.width])});
    await session.release();
    expect([...both.fields.dims]).to.deep.equal([2, FIELDS.length, SHAPE.height / 2, SHAPE.width / 2]);
    expect(
      relativeError(floats(both.fields as Tensor).slice(FIELDS.length * (PIXELS / 4)), floats(alone.fields as Tensor)),
    ).to.be.below(1e-5);
    const large = await runGraph(graph, {input: float32(new Float32Array(3 * 64 * 32), [1, 3, 64, 32])});
    expect([...large.fields.dims]).to.deep.equal([1, FIELDS.length, 32, 16]);
  });
});
