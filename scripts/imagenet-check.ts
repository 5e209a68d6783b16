/**
 * What a network with all the weights that others trained names in pictures: the five best of the 1,000 classes of ImageNet.
 *
 *   node --import tsx scripts/imagenet-check.ts NETWORK WEIGHTS PICTURE[=CLASS,CLASS...] ...
 *
 * WEIGHTS is a .safetensors or .pth file. Fails unless the best class of each picture is among those after its "=", if there are any.
 * Pictures are prepared as in timm: the shorter side becomes 256 pixels, and the middle 224 are used.
 */
import {readFileSync} from 'node:fs';
import {basename} from 'node:path';
import {Tensor} from 'onnxruntime-node';
import {fitImage} from '../src/image/resize/fit-image.ts';
import {createSession} from '../src/model/devices.ts';
import {encodeModel} from '../src/onnx/model.ts';
import {loadWeights, type PretrainedWeights} from '../src/pretrained/load-weights.ts';
import {buildCalibrationGraph} from '../src/training/graphs/model-graph.ts';
import {layoutOf} from '../src/training/layers/layout-layers.ts';
import {NETWORKS, type NetworkName} from '../src/training/networks/index.ts';
import type {Layout, ParameterSpec} from '../src/training/parameters.ts';

const CLASSES = 1000;
const SIZE = {height: 224, width: 224};
const FIT = {...SIZE, fit: 'crop', cropPct: 224 / 256, interpolation: 'bicubic', fill: [0, 0, 0]} as const;

const [name, path, ...pictures] = process.argv.slice(2);
const session = await open(name as NetworkName, await loadWeights(name, path, {}));
let wrong = 0;
for (const argument of pictures) {
  const [picture, classes] = argument.split('=');
  const best = await fiveBest(readFileSync(picture));
  const right = classes === undefined || classes.split(',').map(Number).includes(best[0].label);
  if (!right) wrong++;
  const answers = best.map(({label, probability}) => `${label} (${(100 * probability).toFixed(1)} %)`);
  console.log(`${basename(picture)}: ${answers.join(', ')}${right ? '' : `; expected ${classes}`}`);
}
await session.release();
process.exitCode = wrong > 0 ? 1 : 0;

async function open(of: NetworkName, weights: PretrainedWeights) {
  const network = NETWORKS[of];
  const layout = layoutOf(network, SIZE, CLASSES);
  const {normalization} = weights;
  const trained = {network, layout, ...placed(layout, weights), ...(normalization ? {normalization} : {})};
  return createSession(encodeModel(buildCalibrationGraph(trained, SIZE, CLASSES).toProto(of)), 'cpu');
}

/** The tensors in the vectors of the layout, the classifier included. */
function placed(layout: Layout, {tensors}: PretrainedWeights) {
  const parameters = new Float32Array(layout.parameterCount);
  const statistics = new Float32Array(layout.statisticCount);
  const values = (of: string, length: number) => {
    const tensor = tensors.get(of);
    if (tensor?.data.length !== length) throw new RangeError(`${of} should have ${length} numbers`);
    return tensor.data;
  };
  for (const spec of layout.parameters) parameters.set(inOurOrder(spec, values(spec.name, spec.length)), spec.offset);
  for (const {name: of, offset, length} of layout.statistics) statistics.set(values(of, length), offset);
  return {parameters, statistics};
}

function inOurOrder({transposed, shape: [inputs, outputs]}: ParameterSpec, data: Float32Array): Float32Array {
  return transposed ? data.map((_, i) => data[(i % outputs) * inputs + Math.floor(i / outputs)]) : data;
}

async function fiveBest(bytes: Uint8Array): Promise<{label: number; probability: number}[]> {
  const {window} = await fitImage(bytes, FIT);
  const {logits} = await session.run({image: new Tensor('uint8', window, [1, SIZE.height, SIZE.width, 3])});
  const values = [...(logits.data as Float32Array)];
  const total = values.reduce((sum, value) => sum + Math.exp(value), 0);
  return values
    .map((value, label) => ({label, probability: Math.exp(value) / total}))
    .sort((a, b) => b.probability - a.probability)
    .slice(0, 5);
}
