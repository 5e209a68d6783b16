import type {ModelGraph, ModelNode} from '../graph/model-graph.ts';
import type {NetworkNodes} from '../graph/network-nodes.ts';
import {type Plan, planOf} from './plan.ts';

/**
 * Bits of a weight, in the order in which they are tried. With seven, processors without instructions for eight (x86 before VNNI)
 * give the same answers: they add two products in 16 bits, where 255 x 63 x 2 fits and 255 x 127 x 2 is clipped.
 */
const WEIGHT_BITS = [7, 8];

/** How many of the most sensitive layers stay float32, in the order in which they are tried. */
const KEPT = [1, 2, 4, 8, 16];
/** The least share of the weights' bytes that is quantized; below, little would be gained. */
const LEAST_QUANTIZED = 0.5;

/**
 * The plans to try until one is good enough: all layers quantized, then, with the most bits, all but the most sensitive ones. A few
 * layers, often small ones, add most of the error.
 *
 * @param ranked gives the layers that can be quantized, the most sensitive first; only called if it comes to that
 */
export async function* attempts(
  graph: ModelGraph,
  network: NetworkNodes,
  ranked: (bits: number) => Promise<readonly ModelNode[]>,
): AsyncGenerator<Plan> {
  for (const bits of WEIGHT_BITS) yield planOf(graph, network, bits);
  const bits = Math.max(...WEIGHT_BITS);
  const layers = planOf(graph, network, bits).weighted.size;
  const counts = KEPT.filter((count) => count < layers);
  if (counts.length === 0) return;
  const ranking = await ranked(bits);
  const bytesOf = (nodes: Iterable<ModelNode>) =>
    [...nodes].reduce((sum, node) => sum + graph.weight(node)!.rawData.length, 0);
  for (const count of counts) {
    const plan = planOf(graph, network, bits, new Set(ranking.slice(0, count)));
    if (bytesOf(plan.weighted) < LEAST_QUANTIZED * bytesOf(network.weighted)) return;
    yield plan;
  }
}
