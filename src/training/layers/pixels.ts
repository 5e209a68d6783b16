import type {Graph} from '../../onnx/graph.ts';
import {ELEMENT_TYPE} from '../../onnx/tensor.ts';
import type {Value} from '../../onnx/types.ts';

/**
 * Prepared windows, uint8 [N, H, W, 3], as numbers from 0 to 255: float32 [N, 3, H, W]. They need no scaling, because
 * every network begins with a batch-normalized convolution. Transposing before the cast is fastest in onnxruntime.
 */
export function pixelsOf(graph: Graph, image: Value): Value {
  const channelsFirst = graph.node('Transpose', [image], {perm: [0, 3, 1, 2]});
  return graph.node('Cast', [channelsFirst], {to: ELEMENT_TYPE.float32});
}
