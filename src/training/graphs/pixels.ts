import type {Graph, Value} from '../../onnx/graph.ts';
import {ELEMENT_TYPE} from '../../onnx/tensor.ts';

/** Brightness is divided by this: about one standard deviation of a grain's pixels, and black stays 0. */
const PIXEL_SCALE = 64;

/** The prepared windows, uint8 [N, H, W, 3], as a network sees them: float32 [N, 3, H, W]. */
export function pixelsOf(graph: Graph, image: Value): Value {
  const channelsFirst = graph.node('Transpose', [image], {perm: [0, 3, 1, 2]});
  const numbers = graph.node('Cast', [channelsFirst], {to: ELEMENT_TYPE.float32});
  return graph.node('Mul', [numbers, graph.scalar(1 / PIXEL_SCALE)]);
}
