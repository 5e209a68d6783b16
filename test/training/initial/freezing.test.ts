import {expect} from 'chai';
import {buildStepGraph} from '../../../src/training/graphs/step-graph.ts';
import {type Freeze, isFrozen, learningRateFactors} from '../../../src/training/initial/groups.ts';
import type {Layers} from '../../../src/training/layers/layers.ts';
import {layoutOf} from '../../../src/training/layers/layout-layers.ts';
import {classifyFeatures, type Network} from '../../../src/training/networks/network.ts';
import {OPTIMIZERS, type OptimizerName} from '../../../src/training/optimizers.ts';
import {initialParameters, type Layout, placeParameters} from '../../../src/training/parameters.ts';
import {WeightStore, type Weights} from '../../../src/training/weights.ts';
import {randomNumbers} from '../../helpers/images.ts';
import {float32, floats, relativeError, runGraph} from '../../helpers/run-graph.ts';
import {randomBatch} from '../step.ts';

const SIZE = {width: 24, height: 16};
const CLASSES = 3;
const BATCH = 6;

/** A stem, two blocks of which one has a shortcut, and a classifier: everything that can be frozen. */
const NETWORK: Network = {
  summary: 'for this test',
  parts: {block: /^blocks\.\d+\./, classifier: 'fc'},
  build(layers: Layers, image, options) {
    const norm = (name: string) => ({norm: {name}});
    const stem = layers.convolution('stem', layers.pixels(image), {filters: 6, kernel: 3, stride: 2, ...norm('bn')});
    const first = layers.convolution('blocks.0.conv', stem, {filters: 6, kernel: 3, ...norm('blocks.0.bn')});
    const added = layers.residual(stem, first);
    const options1 = {filters: 8, kernel: 3, stride: 2, ...norm('blocks.1.bn')};
    const second = layers.convolution('blocks.1.conv', added, options1);
    return classifyFeatures(layers, layers.globalAveragePool(second), options, 'fc');
  },
};
const ALL = layoutOf(NETWORK, SIZE, CLASSES);

function weights(): Weights & {layout: Layout} {
  const random = randomNumbers(9);
  const statistics = Float32Array.from({length: ALL.statisticCount}, () => 0.5 + random());
  return {layout: ALL, parameters: initialParameters(ALL, 4), statistics};
}

interface StepChanges {
  freeze?: Freeze;
  freezeStatistics?: boolean;
  rates?: ReadonlyMap<string, number>;
  learningRate?: number;
  optimizer?: OptimizerName;
}

/** The weights after one step, by name: of what learns; and which names those are. */
async function afterStep({freeze, freezeStatistics, rates, learningRate = 0.01, optimizer = 'adamw'}: StepChanges) {
  const still = isFrozen(NETWORK, ALL, freeze);
  const store = new WeightStore(weights());
  const part = (frozen: boolean): Weights & {layout: Layout} => {
    const belongs = ({name}: {name: string}) => still(name) === frozen;
    const layout = placeParameters(ALL.parameters.filter(belongs), ALL.statistics.filter(belongs));
    const values = (placed: readonly {name: string}[]) =>
      Float32Array.from(placed.flatMap(({name}) => [...store.get(name)]));
    return {layout, parameters: values(layout.parameters), statistics: values(layout.statistics)};
  };
  const {layout, parameters, statistics} = part(false);
  const step = buildStepGraph({
    network: NETWORK,
    layout,
    optimizer: OPTIMIZERS[optimizer],
    batchSize: BATCH,
    ...SIZE,
    classes: CLASSES,
    labelSmoothing: 0.1,
    dropout: 0,
    clipNorm: 0,
    ...(rates ? {rates} : {}),
    ...(freeze === undefined ? {} : {frozen: part(true)}),
    ...(freezeStatistics ? {freezeStatistics} : {}),
  });
  const vectors: Record<string, Float32Array> = {
    parameters,
    statistics,
    averagedParameters: parameters,
    averagedStatistics: statistics,
  };
  const scalars: Record<string, number> = {
    learningRate,
    weightDecay: 0.1,
    statisticsMomentum: 0.25,
    averageDecay: 0.5,
    ...OPTIMIZERS[optimizer].scalars(1),
  };
  const results = await runGraph(step.graph, {
    ...randomBatch(BATCH, SIZE, CLASSES, 2),
    ...Object.fromEntries(
      step.state.map(({name, length}) => [name, float32(vectors[name] ?? new Float32Array(length))]),
    ),
    ...Object.fromEntries(step.scalars.map((name) => [name, float32([scalars[name]], [])])),
  });
  const next = {
    layout,
    parameters: floats(results['next.parameters']),
    statistics: results['next.statistics'] ? floats(results['next.statistics']) : new Float32Array(),
  };
  return {names: [...layout.parameters, ...layout.statistics].map(({name}) => name), store: new WeightStore(next)};
}

describe('training: a step with layers that do not learn', () => {
  const before = new WeightStore(weights());

  for (const freeze of [1, 2, 3, 'backbone'] as const) {
    it(`moves what learns exactly as one in which everything learns: --freeze ${freeze}`, async () => {
      const whole = await afterStep({freezeStatistics: true});
      const {names, store} = await afterStep({freeze, freezeStatistics: true});
      expect(names.filter((name) => !name.includes('running'))).to.have.length(
        {1: 3 + 3 + 2, 2: 3 + 2, 3: 2, backbone: 2}[freeze],
      );
      for (const name of names) {
        expect(relativeError(store.get(name), whole.store.get(name)), name).to.be.below(2e-5);
        if (!name.includes('running')) expect(store.get(name), name).not.to.deep.equal(before.get(name));
      }
    });
  }

  it('has no state for what does not learn', async () => {
    const {names} = await afterStep({freeze: 2});
    expect(names).to.have.members([
      ...['blocks.1.conv.weight', 'blocks.1.bn.weight', 'blocks.1.bn.bias', 'fc.weight', 'fc.bias'],
      ...['blocks.1.bn.running_mean', 'blocks.1.bn.running_var'],
    ]);
  });

  it('keeps running statistics to the last bit where they are frozen, and follows them elsewhere', async () => {
    const kept = await afterStep({freezeStatistics: true});
    const followed = await afterStep({});
    for (const {name} of ALL.statistics) {
      expect(kept.store.get(name), name).to.deep.equal(before.get(name));
      expect(followed.store.get(name), name).not.to.deep.equal(before.get(name));
    }
    // Those of the groups that learn are followed also where others are frozen.
    const {store} = await afterStep({freeze: 1});
    expect(store.get('blocks.0.bn.running_mean')).not.to.deep.equal(before.get('blocks.0.bn.running_mean'));
  });
});

describe('training: factors of the learning rate', () => {
  for (const optimizer of Object.keys(OPTIMIZERS) as OptimizerName[]) {
    it(`move each group as its own learning rate would: ${optimizer}`, async () => {
      const rates = learningRateFactors(NETWORK, ALL, {layerDecay: 0.5, head: 8});
      const {store} = await afterStep({rates, optimizer});
      for (const factor of new Set(rates.values())) {
        const alone = await afterStep({learningRate: 0.01 * factor, optimizer});
        const group = [...rates].filter(([, each]) => each === factor).map(([name]) => name);
        expect(group.length).to.be.below(rates.size);
        for (const name of group)
          expect(relativeError(store.get(name), alone.store.get(name)), `${name} ${factor}`).to.be.below(1e-6);
      }
      expect(new Set(rates.values())).to.deep.equal(new Set([0.125, 0.25, 0.5, 8]));
    });
  }
});
