import type {Graph} from '../../onnx/graph.ts';
import type {Value} from '../../onnx/types.ts';
import {reshape} from '../operators/operator.ts';

/** Mean and standard deviation of each channel over a picture x [N, C, H, W], how much of each edge and texture there is: [N, C] each. */
export function channelStatistics(graph: Graph, x: Value): Value[] {
  const channels = x.shape[1] as number;
  const mean = graph.node('GlobalAveragePool', [x]);
  const square = graph.node('GlobalAveragePool', [graph.node('Mul', [x, x])]);
  const variance = graph.node('Relu', [graph.node('Sub', [square, graph.node('Mul', [mean, mean])])]);
  return [mean, graph.node('Sqrt', [variance])].map((value) => reshape(graph, value, 0, channels));
}
