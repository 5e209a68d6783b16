import {RiceError} from '../../common/errors.ts';
import {shellWords} from '../../common/shell-words.ts';
import type {ModelFile} from '../../model/model-file.ts';
import {NAMED_PREFIX} from '../../onnx/graph.ts';
import {decodeModel} from '../../onnx/model.ts';
import type {PixelNormalization} from '../layers/pixels.ts';
import {NETWORKS} from '../networks/index.ts';
import type {Network} from '../networks/network.ts';
import type {Layout} from '../parameters.ts';
import type {LearntWeights} from './initial-weights.ts';
import {transpose} from './transpose.ts';

const FLOAT32 = 1;

interface Tensor {
  shape: number[];
  data: Float32Array;
}

export interface ModelWeights {
  weights: LearntWeights;
  /** How it normalizes pixels, if not as its network says. */
  normalization?: PixelNormalization;
}

/**
 * The weights in a model file that rice trained. Its batch normalization is folded into the convolutions: it is read as one that
 * changes nothing but the bias, and must stay so.
 *
 * @throws RiceError WEIGHTS_MISMATCH for one of another network, or without its weights' names
 */
export function weightsOfModel(
  {path, bytes, metadata}: Pick<ModelFile, 'path' | 'bytes' | 'metadata'>,
  name: string,
  layout: Layout,
): ModelWeights {
  const {network, configuration} = metadata?.training ?? {};
  if (!metadata || network !== name) throw ofAnotherNetwork(path, name, network);
  const tensors = namedTensors(bytes);
  if (tensors.size === 0)
    throw new RiceError('WEIGHTS_MISMATCH', `${path} does not name its weights as 32-bit numbers`, {
      suggestions: ['Name a model that this version of rice trained, not one that was made smaller.'],
    });
  for (const {name: parameter, shape, transposed} of layout.parameters) {
    const found = tensors.get(parameter);
    if (found && transposed)
      tensors.set(parameter, {shape: [...found.shape].reverse(), data: transpose(found.data, found.shape)});
    // A scale that was folded into the weights.
    if (!found && parameter.endsWith('.weight') && shape.length === 1) tensors.set(parameter, filled(shape, 1));
  }
  for (const {name: statistic, length, initial, epsilon = 0} of layout.statistics)
    tensors.set(statistic, filled([length], initial - epsilon));
  const {normalization} = (configuration ?? {}) as {normalization?: PixelNormalization};
  return {weights: {tensors, labels: metadata.labels}, ...(normalization ? {normalization} : {})};
}

function ofAnotherNetwork(path: string, name: string, network: string | undefined): RiceError {
  const is = network === undefined ? 'was not trained by rice' : `has the network ${network}`;
  const known: Record<string, Network> = NETWORKS;
  const advice = known[network ?? '']?.parts
    ? `Train that network: --arch ${network}`
    : `Make a model of it: rice train DIR --from ${shellWords([path])}`;
  const suggestions = network === undefined ? [] : [advice];
  return new RiceError('WEIGHTS_MISMATCH', `${path} ${is}: its weights cannot be those of ${name}`, {suggestions});
}

function namedTensors(bytes: Uint8Array): Map<string, Tensor> {
  const tensors = new Map<string, Tensor>();
  for (const {name, dims, rawData, dataType} of decodeModel(bytes).graph.initializer) {
    if (!name.startsWith(NAMED_PREFIX) || dataType !== FLOAT32 || !rawData) continue;
    const data = new Float32Array(Uint8Array.from(rawData).buffer);
    tensors.set(name.slice(NAMED_PREFIX.length), {shape: [...(dims ?? [])], data});
  }
  return tensors;
}

function filled(shape: number[], value: number): Tensor {
  return {shape, data: new Float32Array(shape[0]).fill(value)};
}
