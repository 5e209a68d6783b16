/** A step graph with everything needed to run it: initial state, scalars, batches. */
import {Tensor} from 'onnxruntime-node';
import type {Graph} from '../../src/onnx/graph.ts';
import {buildStepGraph} from '../../src/training/graphs/step-graph.ts';
import {layoutOf} from '../../src/training/layers/layout-layers.ts';
import {NETWORKS, type NetworkName} from '../../src/training/networks/index.ts';
import type {Network} from '../../src/training/networks/network.ts';
import {OPTIMIZERS, type OptimizerName} from '../../src/training/optimizers.ts';
import {initialParameters, initialStatistics, type Layout} from '../../src/training/parameters.ts';
import {randomNumbers} from '../helpers/images.ts';
import {type Feeds, float32} from '../helpers/run-graph.ts';

export interface StepShape {
  batchSize: number;
  height: number;
  width: number;
  classes: number;
  labelSmoothing?: number;
  dropout?: number;
  clipNorm?: number;
  optimizer?: OptimizerName;
}

export interface Step {
  graph: Graph;
  layout: Layout;
  /** As at the start of a run. */
  state: Feeds;
  noise: {name: string; shape: number[]}[];
  /** Learning rate 0.001, no decay, statistics momentum 1/4, average decay 3/4 unless given. */
  scalars(step: number, values?: Record<string, number>): Feeds;
}

export function stepOf(network: NetworkName | Network, shape: StepShape, seed = 1): Step {
  const {optimizer = 'adamw', ...options} = shape;
  const built = typeof network === 'string' ? NETWORKS[network] : network;
  const layout = layoutOf(built, options, options.classes);
  const {graph, state, scalars, noise} = buildStepGraph({
    network: built,
    layout,
    optimizer: OPTIMIZERS[optimizer],
    labelSmoothing: 0,
    dropout: 0,
    clipNorm: 0,
    ...options,
  });
  const parameters = initialParameters(layout, seed);
  const statistics = initialStatistics(layout);
  const initial: Record<string, Float32Array> = {
    parameters,
    statistics,
    averagedParameters: parameters,
    averagedStatistics: statistics,
  };
  const vectors = state.map(({name, length}) => [name, float32(initial[name] ?? new Float32Array(length))]);
  return {
    graph,
    layout,
    noise,
    state: Object.fromEntries(vectors),
    scalars(step, values = {}) {
      const all: Record<string, number> = {
        learningRate: 0.001,
        weightDecay: 0,
        statisticsMomentum: 0.25,
        averageDecay: 0.75,
        ...OPTIMIZERS[optimizer].scalars(step),
        ...values,
      };
      return Object.fromEntries(scalars.map((name) => [name, float32([all[name]], [])]));
    },
  };
}

/** Noisy pictures with a block whose position and color depend on the label; the labels alternate. */
export function randomBatch(
  count: number,
  {height, width}: {height: number; width: number},
  classes: number,
  seed: number,
) {
  const random = randomNumbers(seed);
  const image = new Uint8Array(count * height * width * 3);
  const target = new Float32Array(count * classes);
  for (let n = 0; n < count; n++) {
    const label = n % classes;
    target[n * classes + label] = 1;
    for (let i = 0; i < height * width * 3; i++) {
      const column = Math.floor(i / 3) % width;
      const lit = Math.floor((column * classes) / width) === label && i % 3 === label % 3;
      image[n * height * width * 3 + i] = Math.floor(random() * 120) + (lit ? 100 : 0);
    }
  }
  return {
    image: new Tensor('uint8', image, [count, height, width, 3]),
    target: new Tensor('float32', target, [count, classes]),
  };
}
