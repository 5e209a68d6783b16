import type {ModelGraph, ModelNode} from './model-graph.ts';

export interface NetworkNodes {
  /** Its convolutions, and the products of matrices with constant weights that follow from them; in the order of the graph. */
  weighted: readonly ModelNode[];
  /** These and all between them. */
  all: ReadonlySet<ModelNode>;
}

/** The output that the network is for. */
export const ANSWER = 'probabilities';

/**
 * The part of a model's graph that has nearly all of its weights and takes nearly all of its time: what lies between the first
 * and the last weighted sum on the way to the probabilities. What measures pictures before the first convolution, and how far
 * they are from the training's, is not in it: sums over pixels, fourth powers and distances need float32.
 */
export function networkNodes(graph: ModelGraph): NetworkNodes {
  const answer = graph.producer(ANSWER);
  const leading = graph.upstream(answer ? [answer] : []);
  const convolutions = graph.nodes.filter((node) => node.opType === 'Conv' && graph.weight(node) && leading.has(node));
  const following = graph.downstream(convolutions);
  const weighted = graph.nodes.filter((node) => following.has(node) && leading.has(node) && graph.weight(node));
  const before = graph.upstream(weighted);
  return {weighted, all: new Set(graph.nodes.filter((node) => following.has(node) && before.has(node)))};
}
