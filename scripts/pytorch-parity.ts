/**
 * Our side of the comparison with PyTorch (see pytorch_parity.py): writes a network's initial weights, a batch, the
 * gradient, and the losses of some steps as raw little-endian files with a JSON description.
 *
 *   node --import tsx scripts/pytorch-parity.ts FOLDER NETWORK SEED
 */
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {type InferenceSession, Tensor} from 'onnxruntime-node';
import {createSession} from '../src/model/devices.ts';
import {encodeModel} from '../src/onnx/model.ts';
import {buildStepGraph} from '../src/training/graphs/step-graph.ts';
import {layoutOf} from '../src/training/layers/layout-layers.ts';
import {NETWORKS, type NetworkName} from '../src/training/networks/index.ts';
import {OPTIMIZERS} from '../src/training/optimizers.ts';
import {initialParameters, initialStatistics} from '../src/training/parameters.ts';
import {Random} from '../src/training/random.ts';

const SHAPE = {batchSize: 8, height: 64, width: 64, classes: 5};
const STEPS = 20;
const RATES = {learningRate: 1e-3, weightDecay: 0.05, statisticsMomentum: 0.1, averageDecay: 0};
const SMOOTHING = 0.1;

const [folder, network, seed] = process.argv.slice(2);
await record(folder, network as NetworkName, Number(seed));

async function record(out: string, name: NetworkName, seed: number): Promise<void> {
  mkdirSync(out, {recursive: true});
  const layout = layoutOf(NETWORKS[name], SHAPE, SHAPE.classes);
  const {graph, state, scalars} = buildStepGraph({
    network: NETWORKS[name],
    layout,
    optimizer: OPTIMIZERS.adamw,
    ...SHAPE,
    labelSmoothing: SMOOTHING,
    dropout: 0,
    clipNorm: 0,
  });
  const parameters = initialParameters(layout, seed);
  const random = new Random(seed, 'parity', name);
  // Scales other than 1, and biases other than 0.
  for (const {offset, length, decayed} of layout.parameters)
    if (!decayed) for (let i = offset; i < offset + length; i++) parameters[i] += random.uniform(-0.2, 0.2);
  const {batchSize, height, width, classes} = SHAPE;
  const image = Uint8Array.from({length: batchSize * height * width * 3}, () => random.below(256));
  const labels = Uint8Array.from({length: batchSize}, (_, i) => i % classes);
  const initial: Record<string, Float32Array> = {parameters, statistics: initialStatistics(layout)};
  let vectors: Record<string, Tensor> = Object.fromEntries(
    state.map(({name: of, length}) => [of, new Tensor('float32', initial[of] ?? new Float32Array(length), [length])]),
  );
  const session = await createSession(encodeModel(graph.toProto('step')), 'cpu');
  const losses: number[] = [];
  for (let step = 1; step <= STEPS; step++) {
    const results = await session.run({...vectors, ...batch(image, labels), ...numbers(scalars, step)});
    losses.push((results.loss.data as Float32Array)[0]);
    vectors = Object.fromEntries(state.map(({name: of}) => [of, results[`next.${of}`] as Tensor]));
    if (step === 1) write(out, 'gradient', gradientOf(results));
    if (step === 1) write(out, 'statistics', results['next.statistics'].data as Float32Array);
  }
  await session.release();
  write(out, 'parameters', parameters);
  write(out, 'image', image);
  const description = {shape: SHAPE, rates: RATES, smoothing: SMOOTHING, labels: [...labels], losses, layout};
  writeFileSync(join(out, 'description.json'), JSON.stringify(description));
}

/** The first moment after one step from 0 is a tenth of the gradient. */
function gradientOf(results: InferenceSession.ReturnType): Float32Array {
  return (results['next.firstMoment'].data as Float32Array).map((value) => value / 0.1);
}

function batch(image: Uint8Array, labels: Uint8Array): Record<string, Tensor> {
  const {batchSize, height, width, classes} = SHAPE;
  const target = new Float32Array(batchSize * classes);
  labels.forEach((label, i) => {
    target[i * classes + label] = 1;
  });
  return {
    image: new Tensor('uint8', image, [batchSize, height, width, 3]),
    target: new Tensor('float32', target, [batchSize, classes]),
  };
}

function numbers(names: string[], step: number): Record<string, Tensor> {
  const values: Record<string, number> = {...RATES, ...OPTIMIZERS.adamw.scalars(step)};
  return Object.fromEntries(names.map((name) => [name, new Tensor('float32', [values[name]], [])]));
}

function write(out: string, name: string, {buffer, byteOffset, byteLength}: Float32Array | Uint8Array): void {
  writeFileSync(join(out, `${name}.bin`), new Uint8Array(buffer, byteOffset, byteLength));
}
