import {hash} from 'node:crypto';
import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {parseArgs} from 'node:util';
import {writeAtomically} from '../../src/common/files/atomic-file.ts';
import {encodeModel} from '../../src/onnx/model.ts';
import {
  readProgress,
  readState,
  type State,
  writeProgress,
  writeState,
} from '../../src/training/artifact/checkpoint.ts';
import {lockFolder} from '../../src/training/artifact/lock.ts';
import {buildPixelStep, pixelLayout} from '../../src/training/graphs/pixel-graph.ts';
import type {PixelNetwork} from '../../src/training/networks/pixel-network.ts';
import {OPTIMIZERS} from '../../src/training/optimizers.ts';
import {initialParameters, initialStatistics, type Layout} from '../../src/training/parameters.ts';
import {averageDecay, learningRate, type ScheduleOptions, statisticsMomentum} from '../../src/training/schedule.ts';
import {StateSession} from '../../src/training/worker/state-session.ts';
import {grainsOf} from '../scenes/grains-of.ts';
import {threadBatches} from './batches.ts';

/** How a network was trained, as its file says. */
export interface PixelTraining {
  seed: number;
  steps: number;
  dataset: {digest: string; part: string};
  configuration: Record<string, unknown>;
  onnxruntime: string;
  date: string;
}

const STEP_FILE = 'step.onnx';
const CHECKPOINT_STEPS = 100;

/**
 * Trains a network of pixels by the arguments of the command line: `DATASET RUN [--model FILE] [--steps N] [--from OTHER_RUN] ...`. Each step
 * is a run of one graph, as in `rice train`; the run's folder holds that graph and the last checkpoint, from which the same command goes on.
 *
 * @param thread the script that makes batches
 * @param writeModel the bytes of the model file
 */
export async function trainPixelNetwork(
  network: PixelNetwork,
  thread: URL,
  writeModel: (layout: Layout, state: State, training: PixelTraining) => Uint8Array,
): Promise<void> {
  const {values, positionals} = parseArgs({
    allowPositionals: true,
    options: {
      model: {type: 'string'},
      steps: {type: 'string', default: '1500'},
      'batch-size': {type: 'string', default: '12'},
      side: {type: 'string', default: '128'},
      seed: {type: 'string', default: '1'},
      pictures: {type: 'string', default: '400'},
      'learning-rate': {type: 'string', default: '0.003'},
      threads: {type: 'string', default: '1'},
      minutes: {type: 'string', default: 'Infinity'},
      from: {type: 'string'},
    },
  });
  const [dataset, folder] = positionals;
  if (!dataset || !folder) throw new Error('name the folder of the dataset and that of the run');
  const [steps, batchSize, side, seed, pictures] = [
    values.steps,
    values['batch-size'],
    values.side,
    values.seed,
    values.pictures,
  ].map(Number);
  const schedule: ScheduleOptions = {
    epochs: 1,
    learningRate: Number(values['learning-rate']),
    warmupEpochs: 0.02,
    finalShare: 0.01,
    weightDecay: 0.01,
    averageDecay: 0.995,
  };
  const clipNorm = 1;

  const layout = pixelLayout(network);
  const step = buildPixelStep(network, {
    batchSize,
    height: side,
    width: side,
    layout,
    optimizer: OPTIMIZERS.adamw,
    clipNorm,
  });
  const graph = encodeModel(step.graph.toProto(`${network.name} step`));
  mkdirSync(folder, {recursive: true});
  const unlock = lockFolder(folder);
  const path = join(folder, STEP_FILE);
  if (!existsSync(path)) writeFileSync(path, graph);
  else if (hash('sha256', readFileSync(path)) !== hash('sha256', graph))
    throw new Error(`${folder} was begun with another graph`);

  const before = readProgress(folder);
  const session = await StateSession.open(
    graph,
    'cpu',
    {threads: Number(values.threads)},
    step.state,
    before ? readState(folder, before.state, step.state) : initialState(),
  );
  const {Tensor, env} = await import('onnxruntime-node');
  const from = before?.step ?? 0;
  const {digest} = await grainsOf(dataset, 'train');
  const configuration = {steps, batchSize, side, pictures, clipNorm, ...schedule, continued: values.from !== undefined};
  const started = performance.now();
  const shape = [batchSize, network.outputs, side / network.stride, side / network.stride];
  const none = new Float32Array(shape.reduce((product, size) => product * size, 1));
  const all = new Float32Array(none.length).fill(1);
  let [sum, count] = [0, 0];
  let done = from;
  for await (const batch of threadBatches(thread, {dataset, pictures, seed, batchSize, side, from, to: steps})) {
    const scalars: Record<string, number> = {
      ...OPTIMIZERS.adamw.scalars(batch.step + 1),
      learningRate: learningRate(batch.step, steps, schedule),
      weightDecay: schedule.weightDecay,
      statisticsMomentum: statisticsMomentum(batch.step),
      averageDecay: averageDecay(batch.step, schedule),
    };
    const {loss} = await session.run({
      input: new Tensor('float32', batch.input, [batchSize, network.inputs, side, side]),
      target: new Tensor('float32', batch.target, shape),
      numbers: new Tensor('float32', batch.numbers ?? none, shape),
      answers: new Tensor('float32', batch.answers ?? all, shape),
      ...Object.fromEntries(step.scalars.map((name) => [name, new Tensor('float32', [scalars[name]], [])])),
    });
    sum += (loss.data as Float32Array)[0];
    count++;
    done = batch.step + 1;
    const late = performance.now() - started > Number(values.minutes) * 60_000;
    if (done % CHECKPOINT_STEPS === 0 || done === steps || late) {
      const seconds = (performance.now() - started) / 1000;
      const rate = (((done - from) * batchSize) / seconds).toFixed(1);
      console.log(
        `step ${done} of ${steps}: loss ${(sum / count).toFixed(4)}, ${rate} crops/s, ${seconds.toFixed(0)} s`,
      );
      [sum, count] = [0, 0];
      checkpoint(await session.state());
    }
    if (late) break;
  }
  unlock();
  await session.release();

  function initialState(): State {
    if (values.from) return readState(values.from, readProgress(values.from)!.state, step.state);
    const parameters = initialParameters(layout, seed);
    const statistics = initialStatistics(layout);
    const initial: State = {parameters, statistics, averagedParameters: parameters, averagedStatistics: statistics};
    return Object.fromEntries(step.state.map(({name, length}) => [name, initial[name] ?? new Float32Array(length)]));
  }

  function checkpoint(state: State): void {
    writeProgress(folder, {
      step: done,
      epoch: {loss: 0, correct: 0, labelled: 0, images: 0},
      history: [],
      state: writeState(folder, `state-${done}.bin`, state),
      device: 'cpu',
      finished: done === steps,
    });
    if (!values.model) return;
    const bytes = writeModel(layout, state, {
      seed,
      steps: done,
      dataset: {digest, part: 'train'},
      configuration,
      onnxruntime: env.versions.common,
      date: new Date().toISOString(),
    });
    writeAtomically(values.model, bytes);
  }
}
