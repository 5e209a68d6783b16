import {readFileSync} from 'node:fs';
import {fromFileSystemError, RiceError} from '../../common/errors.ts';
import {parseMetadata} from '../../model/metadata.ts';
import {NAMED_PREFIX} from '../../onnx/graph.ts';
import {decodeModel} from '../../onnx/model.ts';
import type {Layout} from '../parameters.ts';
import type {LearntWeights} from './initial-weights.ts';
import {transpose} from './transpose.ts';

interface Tensor {
  shape: number[];
  data: Float32Array;
}

/**
 * The weights in a model file that rice trained. Its batch normalization is folded into the convolutions: it is read as one that
 * changes nothing but the bias.
 *
 * @throws RiceError MODEL_INVALID, MODEL_DAMAGED or MODEL_METADATA as for any model, WEIGHTS_MISMATCH for one of another network
 */
export function weightsOfModel(path: string, name: string, layout: Layout): LearntWeights {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw fromFileSystemError(error, path, 'read');
  }
  const description = parseMetadata(bytes, path);
  const {network} = description?.metadata.training ?? {};
  if (!description || network !== name) {
    const is = network === undefined ? 'was not trained by rice' : `has the network ${network}`;
    throw new RiceError('WEIGHTS_MISMATCH', `${path} ${is}: its weights cannot be those of ${name}`, {
      suggestions: network === undefined ? [] : [`Train that network: --arch ${network}`],
    });
  }
  const tensors = new Map<string, Tensor>();
  for (const {name: initializer, dims, rawData, dataType} of decodeModel(bytes).graph.initializer) {
    if (!initializer.startsWith(NAMED_PREFIX) || dataType !== 1 || !rawData) continue;
    const data = new Float32Array(rawData.slice().buffer);
    tensors.set(initializer.slice(NAMED_PREFIX.length), {shape: [...(dims ?? [])], data});
  }
  for (const {name: parameter, shape, transposed} of layout.parameters) {
    const found = tensors.get(parameter);
    if (found && transposed)
      tensors.set(parameter, {shape: [...found.shape].reverse(), data: transpose(found.data, found.shape)});
    // A scale that was folded into the weights.
    if (!found && parameter.endsWith('.weight') && shape.length === 1) tensors.set(parameter, filled(shape, 1));
  }
  for (const {name: statistic, length, initial, epsilon = 0} of layout.statistics)
    tensors.set(statistic, filled([length], initial - epsilon));
  return {tensors, labels: description.metadata.labels};
}

function filled(shape: number[], value: number): Tensor {
  return {shape, data: new Float32Array(shape[0]).fill(value)};
}
