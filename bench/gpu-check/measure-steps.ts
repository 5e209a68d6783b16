/** Makes training steps on one device and tells its parent what came of each: in a process of its own, since a driver may crash. */
import {availableParallelism} from 'node:os';
import {encodeModel} from '../../src/onnx/model.ts';
import type {State} from '../../src/training/artifact/checkpoint.ts';
import type {Manifest} from '../../src/training/artifact/manifest.ts';
import {DEFAULT_CONFIGURATION} from '../../src/training/configuration.ts';
import {buildStepGraph} from '../../src/training/graphs/step-graph.ts';
import {layoutOf} from '../../src/training/layers/layout-layers.ts';
import {NETWORKS, type NetworkName} from '../../src/training/networks/index.ts';
import {OPTIMIZERS} from '../../src/training/optimizers.ts';
import {initialParameters, initialStatistics} from '../../src/training/parameters.ts';
import {Random} from '../../src/training/random.ts';
import {StepSession} from '../../src/training/worker/step-session.ts';
import {drawBatch} from './pictures.ts';
import {CLASSES, type StepsPart} from './plan.ts';

const LEARNING_RATE = 1e-3;
const MOST_TIMED = 500;

/** What is known after each message; each field as soon as there is something. */
export interface StepsResult {
  parameters?: number;
  /** From loading the graph to the end of the first step. */
  startSeconds?: number;
  losses: number[];
  /** Bytes that a step copies to the device and back. */
  copied?: number;
  /** Length of the vector of the parameters after these steps, by which the read-back state is compared. */
  norm?: number;
  timedSteps?: number;
  imagesPerSecond?: number;
  peakBytes?: number;
  error?: string;
}

export async function measureSteps(part: StepsPart, tell: (result: StepsResult) => void): Promise<void> {
  const {batchSize, input} = part;
  const result: StepsResult = {losses: []};
  const network = NETWORKS[part.network as NetworkName];
  const layout = layoutOf(network, input, CLASSES);
  const {labelSmoothing, clipNorm} = DEFAULT_CONFIGURATION;
  const shape = {batchSize, ...input, classes: CLASSES};
  const step = buildStepGraph({
    network,
    layout,
    optimizer: OPTIMIZERS.adamw,
    ...shape,
    labelSmoothing,
    clipNorm,
    dropout: 0,
  });
  const manifest = {
    batchSize,
    input,
    labels: Array.from({length: CLASSES}, (_, i) => `${i}`),
    state: step.state,
    scalars: step.scalars,
    noise: step.noise,
    threads: availableParallelism(),
  } as unknown as Manifest;
  const parameters = initialParameters(layout, 1);
  const statistics = initialStatistics(layout);
  const initial: State = {
    parameters,
    averagedParameters: parameters,
    statistics,
    averagedStatistics: statistics,
  };
  const state = step.state.map(({name, length}) => [name, initial[name] ?? new Float32Array(length)] as const);
  result.parameters = layout.parameterCount;
  const begin = performance.now();
  const graph = encodeModel(step.graph.toProto('step'));
  const session = await StepSession.open(graph, part.device, manifest, Object.fromEntries(state));
  const inputOf = (index: number) => {
    const random = new Random(index, 'noise');
    const {image, labels} = drawBatch(batchSize, input, index);
    return {
      input: image,
      labels,
      noise: step.noise.map(({shape: of}) =>
        new Float32Array(of.reduce((product, size) => product * size, 1)).map(() => random.uniform()),
      ),
      scalars: {
        learningRate: LEARNING_RATE,
        weightDecay: 0.02,
        statisticsMomentum: 0.1,
        averageDecay: 0.99,
        ...OPTIMIZERS.adamw.scalars(index),
      },
    };
  };
  for (let index = 1; index <= part.steps; index++) {
    const {loss} = await session.run(inputOf(index));
    result.losses.push(loss);
    result.startSeconds ??= (performance.now() - begin) / 1000;
    result.copied = session.copied;
    tell(result);
  }
  result.norm = Math.hypot(...chunkNorms((await session.state()).parameters));
  tell(result);
  if (part.timed > 0) {
    // One batch again and again, since drawing one takes longer than a step.
    const again = inputOf(part.steps + 1);
    const times: number[] = [];
    for (const end = performance.now() + part.timed * 1000; performance.now() < end && times.length < MOST_TIMED; ) {
      const from = performance.now();
      await session.run(again);
      times.push(performance.now() - from);
      if (times.length % 10 === 1) tell({...result, ...speedOf(times, batchSize)});
    }
    Object.assign(result, speedOf(times, batchSize));
  }
  result.peakBytes = process.resourceUsage().maxRSS * 1024;
  tell(result);
  await session.release();
}

function speedOf(times: number[], batchSize: number) {
  const median = [...times].sort((a, b) => a - b)[times.length >> 1];
  return {timedSteps: times.length, imagesPerSecond: (batchSize * 1000) / median};
}

/** Math.hypot takes no millions of arguments. */
function chunkNorms(values: Float32Array): number[] {
  const norms: number[] = [];
  for (let from = 0; from < values.length; from += 10_000)
    norms.push(Math.hypot(...values.subarray(from, from + 10_000)));
  return norms;
}
