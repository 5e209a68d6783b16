/**
 * Training speed compared with PyTorch: the same network, batch, window, optimizer (AdamW) and number of threads, in
 * alternating rounds. Prints each round and the median ratios, of wall time and of processor time: the second is what counts with
 * one thread on a machine that is used by others. Needs a Python with torch:
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

/** Images per second of wall time, and of processor time. */
interface Rate {
  wall: number;
  cpu: number;
}
type Layout = 'contiguous' | 'channels_last';

const ours: Rate[] = [];
const theirs: Record<Layout, Rate[]> = {contiguous: [], channels_last: []};
const layouts = Object.keys(theirs) as Layout[];
let torch = '';
for (let round = 0; round < rounds; round++) {
  ours.push(await measureRice());
  const measured = measurePyTorch();
  torch = measured.torch;
  if (measured.parameters !== PARAMETERS)
    throw new Error(`PyTorch trains ${measured.parameters} parameters, rice ${PARAMETERS}: not the same network`);
  for (const layout of layouts) theirs[layout].push(measured[layout]);
  const line = layouts.map((layout) => `PyTorch ${layout} ${theirs[layout][round].wall.toFixed(0)}`);
  console.log(`round ${round + 1}: rice ${ours[round].wall.toFixed(0)}, ${line.join(', ')} images/s`);
}
console.log(
  `\n${cpus()[0].model}, ${threads} threads, conv4, batch ${batchSize}, ${input.width} x ${input.height}, PyTorch ${torch}`,
);
for (const layout of layouts) {
  const ratio = (of: keyof Rate) => median(theirs[layout].map((rate, round) => ours[round][of] / rate[of])).toFixed(2);
  console.log(
    `rice / PyTorch (${layout}): median ratio ${ratio('wall')} of ${rounds} rounds, of processor time ${ratio('cpu')}`,
  );
}

/** Images per second of the step alone, without preparing batches, as for PyTorch. */
async function measureRice(): Promise<Rate> {
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
  const times: Rate[] = [];
  for (let step = 1; step <= steps + 3; step++) {
    const all = {
      learningRate: 1e-3,
      weightDecay: 0.01,
      statisticsMomentum: 0.1,
      averageDecay: 0.99,
      ...OPTIMIZERS.adamw.scalars(step),
    };
    const [start, used] = [performance.now(), process.cpuUsage()];
    await session.run({input: image, labels, noise: [], scalars: all});
    const {user, system} = process.cpuUsage(used);
    times.push({wall: performance.now() - start, cpu: (user + system) / 1000});
  }
  await session.release();
  const rate = (of: keyof Rate) => (batchSize * 1000) / median(times.slice(3).map((time) => time[of]));
  return {wall: rate('wall'), cpu: rate('cpu')};
}

function measurePyTorch(): {torch: string; parameters: number} & Record<Layout, Rate> {
  const script = new URL('./train.py', import.meta.url).pathname;
  const options = [threads, steps, batchSize, input.width, input.height].map(String);
  return JSON.parse(execFileSync(process.env.PYTHON ?? 'python3', [script, ...options], {encoding: 'utf8'}));
}

function median(numbers: number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}
