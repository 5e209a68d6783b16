/** `node webgpu-child.ts NETWORK SEED`: runs one step on the CPU and on WebGPU, and prints how much the results differ. */
import type {Tensor} from 'onnxruntime-node';
import {createSession, type Device} from '../../src/model/devices.ts';
import {encodeModel} from '../../src/onnx/model.ts';
import {layoutOf} from '../../src/training/layers/layout-layers.ts';
import {NETWORKS, type NetworkName} from '../../src/training/networks/index.ts';
import {float32, relativeError} from '../helpers/run-graph.ts';
import {randomBatch, stepOf} from './step.ts';

const SHAPE = {batchSize: 8, height: 32, width: 32, classes: 5};
const LARGE = 1e7;
const network = process.argv[2] as NetworkName;
const seed = Number(process.argv[3]);
// The CPU's sum of 11 million squares is off by some 1e-4, which would scale every gradient.
const clipNorm = layoutOf(NETWORKS[network], SHAPE, SHAPE.classes).parameterCount > LARGE ? 0 : 1;
const step = stepOf(network, {...SHAPE, dropout: 0.2, clipNorm, labelSmoothing: 0.02}, seed);
const batch = randomBatch(SHAPE.batchSize, SHAPE, SHAPE.classes, seed);
const noise = step.noise.map(({name, shape}) => {
  const count = shape.reduce((product, size) => product * size, 1);
  return [
    name,
    float32(
      Float32Array.from({length: count}, (_, i) => (i * 0.37) % 1),
      shape,
    ),
  ] as const;
});
const feeds = {...batch, ...step.state, ...step.scalars(1, {weightDecay: 0.02}), ...Object.fromEntries(noise)};

async function results(device: Device): Promise<Record<string, Tensor>> {
  const session = await createSession(encodeModel(step.graph.toProto('step')), device);
  const outputs = (await session.run(feeds)) as Record<string, Tensor>;
  await session.release();
  return outputs;
}

const [expected, actual] = [await results('cpu'), await results('webgpu')];
const errors = Object.entries(expected).map(([name, {data}]) => [
  name,
  relativeError(actual[name].data as Float32Array, data as Float32Array),
]);
process.stdout.write(`${JSON.stringify(Object.fromEntries(errors))}\n`);
