/**
 * Training speed compared with PyTorch: the same network, batch, window, optimizer (AdamW) and number of threads, in
 * alternating rounds. Prints each round and the median ratio. Needs a Python with torch:
 * `PYTHON=... npx tsx bench/train.ts [--threads 2] [--rounds 5]`.
 */
import {execFileSync} from 'node:child_process';
import {cpus} from 'node:os';
import {parseArgs} from 'node:util';
import {encodeModel} from '../src/onnx/model.ts';
import type {Manifest} from '../src/training/artifact/manifest.ts';
import {DEFAULT_CONFIGURATION} from '../src/training/configuration.ts';
import {buildStepGraph} from '../src/training/graphs/step-graph.ts';
import {layoutOf} from '../src/training/layers/layout-layers.ts';
import {conv4} from '../src/training/networks/conv4.ts';
import {OPTIMIZERS} from '../src/training/optimizers.ts';
import {initialParameters, initialStatistics} from '../src/training/parameters.ts';
import {StepSession} from '../src/training/worker/step-session.ts';

const {values} = parseArgs({
  options: {
    threads: {type: 'string', default: '2'},
    rounds: {type: 'string', default: '5'},
    steps: {type: 'string', default: '30'},
  },
});
const [threads, rounds, steps] = [Number(values.threads), Number(values.rounds), Number(values.steps)];
const {batchSize, input} = DEFAULT_CONFIGURATION;
const CLASSES = 5;
const PARAMETERS = layoutOf(conv4, input, CLASSES).parameterCount;

const ours: number[] = [];
const theirs: Record<string, number[]> = {contiguous: [], channels_last: []};
let torch = '';
for (let round = 0; round < rounds; round++) {
  ours.push(await measureRice());
  const measured = measurePyTorch();
  torch = measured.torch;
  if (measured.parameters !== PARAMETERS)
    throw new Error(`PyTorch trains ${measured.parameters} parameters, rice ${PARAMETERS}: not the same network`);
  for (const layout of Object.keys(theirs)) theirs[layout].push(measured[layout as 'contiguous' | 'channels_last']);
  const line = Object.entries(theirs).map(([layout, all]) => `PyTorch ${layout} ${all[round].toFixed(0)}`);
  console.log(`round ${round + 1}: rice ${ours[round].toFixed(0)}, ${line.join(', ')} images/s`);
}
console.log(
  `\n${cpus()[0].model}, ${threads} threads, conv4, batch ${batchSize}, ${input.width} x ${input.height}, PyTorch ${torch}`,
);
for (const [layout, all] of Object.entries(theirs)) {
  const ratio = median(all.map((rate, round) => ours[round] / rate));
  console.log(`rice / PyTorch (${layout}): median ratio ${ratio.toFixed(2)} of ${rounds} rounds`);
}

/** Images per second of the step alone, without preparing batches, as for PyTorch. */
async function measureRice(): Promise<number> {
  const layout = layoutOf(conv4, input, CLASSES);
  const {graph, state, scalars, noise} = buildStepGraph({
    network: conv4,
    layout,
    optimizer: OPTIMIZERS.adamw,
    batchSize,
    ...input,
    classes: CLASSES,
    labelSmoothing: 0,
    dropout: 0,
    clipNorm: 0,
  });
  const manifest = {
    batchSize,
    input,
    labels: ['a', 'b', 'c', 'd', 'e'],
    state,
    scalars,
    noise,
    threads,
  } as unknown as Manifest;
  const parameters = initialParameters(layout, 1);
  const statistics = initialStatistics(layout);
  const initial: Record<string, Float32Array> = {
    parameters,
    averagedParameters: parameters,
    statistics,
    averagedStatistics: statistics,
  };
  const vectors = state.map(({name, length}) => [name, initial[name] ?? new Float32Array(length)] as const);
  const session = await StepSession.open(
    encodeModel(graph.toProto('step')),
    'cpu',
    manifest,
    Object.fromEntries(vectors),
  );
  const image = new Uint8Array(batchSize * input.width * input.height * 3).map(() => Math.random() * 256);
  const labels = new Uint8Array(batchSize).map(() => Math.random() * CLASSES);
  const times: number[] = [];
  for (let step = 1; step <= steps + 3; step++) {
    const all = {
      learningRate: 1e-3,
      weightDecay: 0.01,
      statisticsMomentum: 0.1,
      averageDecay: 0.99,
      ...OPTIMIZERS.adamw.scalars(step),
    };
    const start = performance.now();
    await session.run({image, labels, noise: [], scalars: all});
    times.push(performance.now() - start);
  }
  await session.release();
  return (batchSize * 1000) / median(times.slice(3));
}

function measurePyTorch(): {torch: string; parameters: number; contiguous: number; channels_last: number} {
  const script = new URL('./train.py', import.meta.url).pathname;
  const options = [threads, steps, batchSize, input.width, input.height].map(String);
  return JSON.parse(execFileSync(process.env.PYTHON ?? 'python3', [script, ...options], {encoding: 'utf8'}));
}

function median(numbers: number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}
