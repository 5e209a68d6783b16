/**
 * Values have their channels first, [N, C, H, W], as the operators of ONNX expect them. But what is made by a product of matrices has
 * them last, and so wants it the next product. An operator that works on values with channels last ends with a transposition, and
 * one that begins with such a value takes what was transposed: the transposition stays in the graph only if somebody needs it.
 */
import type {Graph} from '../../onnx/graph.ts';
import type {Attributes, Value} from '../../onnx/types.ts';

const FIRST = [0, 3, 1, 2];
const LAST = [0, 2, 3, 1];

/** [N, H, W, C] to [N, C, H, W]. */
export function channelsFirst(graph: Graph, last: Value): Value {
  return graph.node('Transpose', [last], {perm: FIRST});
}

/** [N, C, H, W] to [N, H, W, C]. */
export function channelsLast(graph: Graph, first: Value): Value {
  const producer = graph.producer(first);
  if (producer && isTransposed(producer)) return producer.inputs[0];
  if (producer?.opType === 'Cast')
    return graph.node('Cast', [channelsLast(graph, producer.inputs[0])], producer.attributes);
  return graph.node('Transpose', [first], {perm: LAST});
}

/** Whether a value [N, C, H, W] is at hand with its channels last. */
export function isChannelsLast(graph: Graph, first: Value): boolean {
  const producer = graph.producer(first);
  return producer !== undefined && isTransposed(producer);
}

function isTransposed({opType, attributes}: {opType: string; attributes: Attributes}): boolean {
  return opType === 'Transpose' && `${attributes.perm}` === `${FIRST}`;
}

/**
 * Adds a node that works on each element by itself, in the form in which its first input that is no scalar is at hand.
 *
 * @param inputs all of the same shape, or scalars
 */
export function elementwise(graph: Graph, opType: string, inputs: Value[], attributes: Attributes = {}): Value {
  const leading = inputs.find(({shape}) => shape.length > 0) ?? inputs[0];
  if (!isChannelsLast(graph, leading)) return graph.node(opType, inputs, attributes);
  const last = inputs.map((input) => (input.shape.length === 4 ? channelsLast(graph, input) : input));
  return channelsFirst(graph, graph.node(opType, last, attributes));
}
