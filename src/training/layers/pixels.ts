import type {Graph, Value} from '../../onnx/graph.ts';
import {ELEMENT_TYPE} from '../../onnx/tensor.ts';
import {reshape} from '../operators/operator.ts';

/**
 * Prepared windows, uint8 [N, H, W, 3], as numbers from 0 to 255: float32 [N, 3 B B, H / B, W / B], where blocks of
 * B x B pixels become channels (space to depth, or pixel unshuffle). They need no scaling: every network begins with
 * a convolution that is normalised over the batch.
 */
export function pixelsOf(graph: Graph, image: Value, block: number): Value {
  const numbers = (value: Value): Value => graph.node('Cast', [value], {to: ELEMENT_TYPE.float32});
  if (block === 1) return numbers(graph.node('Transpose', [image], {perm: [0, 3, 1, 2]}));
  const [, height, width] = image.shape as number[];
  const [rows, columns] = [height / block, width / block];
  if (!Number.isInteger(rows) || !Number.isInteger(columns)) {
    throw new RangeError(`windows of ${width} x ${height} are not whole blocks of ${block} x ${block} pixels`);
  }
  const blocks = reshape(graph, image, -1, rows, block, columns, block * 3);
  const channelsFirst = graph.node('Transpose', [blocks], {perm: [0, 2, 4, 1, 3]});
  return numbers(reshape(graph, channelsFirst, -1, block * block * 3, rows, columns));
}
