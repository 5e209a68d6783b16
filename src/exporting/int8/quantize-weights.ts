import type {TensorProto} from '../../onnx/schema.ts';
import {floatsOf, integerAttribute, type ModelNode} from '../graph/model-graph.ts';

/** What a bias may become in units of its scale; an int32 holds twice that. */
const LARGEST_BIAS = 2 ** 30;

export interface QuantizedWeights {
  weights: Int8Array;
  /** One for each output channel. */
  scales: Float32Array;
  /** The axis of the output channels. */
  axis: number;
  bias?: Int32Array;
}

/** What is known of the first input of a node. */
export interface QuantizedInput {
  scale: number;
  /** Of each channel. */
  means: Float64Array;
}

/**
 * Weights as whole numbers with a scale for each output channel, and the bias in units of the products: the scale of the inputs
 * times that of the channel. What rounding the weights adds to the mean of each output is taken off its bias (Nagel et al. 2019,
 * arXiv:1906.04721, 4.2).
 *
 * @param largest the largest of the whole numbers, and minus the smallest: up to 127
 */
export function quantizeWeights(
  node: ModelNode,
  weight: TensorProto,
  bias: Float32Array | undefined,
  input: QuantizedInput,
  largest: number,
): QuantizedWeights {
  const axis = outputAxis(node);
  const values = floatsOf(weight);
  const channels = weight.dims[axis];
  const inner = weight.dims.slice(axis + 1).reduce((product, size) => product * size, 1);
  const channelOf = (index: number) => Math.floor(index / inner) % channels;
  const reach = new Float64Array(channels);
  values.forEach((value, i) => {
    const channel = channelOf(i);
    reach[channel] = Math.max(reach[channel], Math.abs(value));
  });
  const scales = Float32Array.from(reach, (each, channel) => {
    const forBias = Math.abs(bias?.[channel] ?? 0) / input.scale / LARGEST_BIAS;
    // A channel without weights has any scale.
    return Math.max(each / largest, forBias) || 1;
  });
  const weights = Int8Array.from(values, (value, i) => Math.round(value / scales[channelOf(i)]));
  if (!bias) return {weights, scales, axis};
  const added = new Float64Array(channels);
  const inputOf = inputChannels(node, weight);
  values.forEach((value, i) => {
    const channel = channelOf(i);
    added[channel] += (weights[i] * scales[channel] - value) * input.means[inputOf(i)];
  });
  const corrected = Int32Array.from(bias, (value, i) => Math.round((value - added[i]) / scales[i] / input.scale));
  return {weights, scales, axis, bias: corrected};
}

/** The channel of the input that the weight at an index weighs. */
function inputChannels(node: ModelNode, {dims}: TensorProto): (index: number) => number {
  if (node.opType !== 'Conv')
    return outputAxis(node) === 0 ? (index) => index % dims[1] : (index) => Math.floor(index / dims[1]);
  const [filters, perGroup] = dims;
  const kernel = dims.slice(2).reduce((product, size) => product * size, 1);
  const filtersPerGroup = filters / integerAttribute(node, 'group', 1);
  return (index) => {
    const filter = Math.floor(index / (perGroup * kernel));
    return Math.floor(filter / filtersPerGroup) * perGroup + (Math.floor(index / kernel) % perGroup);
  };
}

function outputAxis(node: ModelNode): number {
  if (node.opType === 'Conv') return 0;
  return node.opType === 'Gemm' && integerAttribute(node, 'transB', 0) === 1 ? 0 : 1;
}
