import type {ModelGraph, ModelNode} from '../graph/model-graph.ts';
import type {NetworkNodes} from '../graph/network-nodes.ts';

/** Operators that runtimes compute with whole numbers where their inputs and outputs are quantized. */
const WHOLE: readonly string[] = [
  'Conv',
  'Gemm',
  'MatMul',
  'Add',
  'Mul',
  'MaxPool',
  'AveragePool',
  'GlobalAveragePool',
  'Concat',
];
/** Operators that runtimes join to the sum before them, if nothing is quantized in between. */
const JOINED: readonly string[] = ['Relu', 'Clip'];

/** What of a network is quantized, and how. */
export interface Plan {
  /** The largest whole number of a weight. */
  largest: number;
  /** Convolutions and products whose weights become whole numbers. */
  weighted: ReadonlySet<ModelNode>;
  /** The values that do. */
  values: readonly string[];
  /** Those of them that are computed with whole numbers, so that there is nothing finer for anything else to take. */
  whole: ReadonlySet<string>;
}

/**
 * The first convolution stays as it is: it takes the pixels, of which everything follows, and has few weights.
 *
 * @param bits of a weight, with its sign
 */
export function planOf(graph: ModelGraph, {weighted, all}: NetworkNodes, bits: number): Plan {
  const kept = new Set(weighted.slice(0, 1));
  const values = new Set<string>();
  const outputs = new Set<string>();
  for (const node of graph.nodes) {
    if (!all.has(node) || kept.has(node) || !WHOLE.includes(node.opType)) continue;
    const inputs = graph.weight(node) ? node.input.slice(0, 1) : node.input;
    for (const name of inputs) if (graph.constant(name) === undefined) values.add(name);
    const output = joinedOutput(graph, node);
    outputs.add(output);
    if (graph.consumers(output).some((taker) => all.has(taker))) values.add(output);
  }
  const whole = new Set([...values].filter((value) => outputs.has(value) && !graph.isOutput(value)));
  const largest = 2 ** (bits - 1) - 1;
  return {largest, weighted: new Set(weighted.filter((node) => !kept.has(node))), values: [...values], whole};
}

/** What a node computes together with the operators that are joined to it. */
function joinedOutput(graph: ModelGraph, node: ModelNode): string {
  const [output] = node.output;
  const [taker, ...others] = graph.consumers(output);
  const joined = taker && others.length === 0 && JOINED.includes(taker.opType) && !graph.isOutput(output);
  return joined ? joinedOutput(graph, taker) : output;
}
