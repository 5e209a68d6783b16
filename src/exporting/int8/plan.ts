import type {ModelGraph, ModelNode} from '../graph/model-graph.ts';
import type {NetworkNodes} from '../graph/network-nodes.ts';

/** Operators beside sums with weights that runtimes compute with whole numbers, where their inputs and outputs are quantized. */
const WHOLE: readonly string[] = ['Add', 'Mul', 'MaxPool', 'AveragePool', 'GlobalAveragePool', 'Concat'];
/** Operators that runtimes join to the sum before them, if nothing is quantized in between. */
const JOINED: readonly string[] = ['Relu', 'Clip'];
/** Operators through which whole numbers go as they are. */
const PASSING: readonly string[] = [...JOINED, 'Reshape', 'Transpose'];

/** What of a network is quantized, and how. */
export interface Plan {
  /** Bits of a weight, with its sign. */
  weightBits: number;
  /** Convolutions and products whose weights become whole numbers. */
  weighted: ReadonlySet<ModelNode>;
  /** Those that could as well, but stay float32 with all that they take. */
  kept: ReadonlySet<ModelNode>;
  /** The values that do. */
  values: readonly string[];
  /** Those of them that are computed with whole numbers, so that there is nothing finer for anything else to take. */
  whole: ReadonlySet<string>;
}

/**
 * The first convolution stays as it is, since it takes the pixels, of which everything follows; and so do the last sums, which often
 * take numbers of very different sizes. They have few weights. What lies between quantized sums is quantized as well, but not what
 * leads elsewhere, such as variances: differences of squares need more than 255 levels.
 *
 * What a node that is kept takes stays float32, too, where nothing quantized takes it. Else runtimes that find weights of float32
 * between values of 8 bits make these 8 bits as well, with one scale for all channels (onnxruntime does).
 *
 * @param weightBits of a weight, with its sign
 * @param kept weighted nodes that stay float32 beside the first and the last
 */
export function planOf(
  graph: ModelGraph,
  {weighted, all}: NetworkNodes,
  weightBits: number,
  kept: ReadonlySet<ModelNode> = new Set(),
): Plan {
  const last = weighted.filter(
    (node) => !weighted.some((other) => other !== node && graph.downstream([node]).has(other)),
  );
  const ends = new Set([...weighted.slice(0, 1), ...last]);
  const quantized = new Set(weighted.filter((node) => !ends.has(node) && !kept.has(node)));
  const known = new Map<ModelNode, boolean>();
  const isWhole = (node: ModelNode): boolean => {
    let whole = known.get(node);
    if (whole === undefined) {
      const takers = takersOf(graph, node.output[0]);
      const between = WHOLE.includes(node.opType) && all.has(node) && new Set(node.input).size === node.input.length;
      whole =
        quantized.has(node) ||
        (between && takers.length > 0 && takers.every((taker) => taker !== undefined && isWhole(taker)));
      known.set(node, whole);
    }
    return whole;
  };
  const values = new Set<string>();
  const outputs = new Set<string>();
  for (const node of graph.nodes.filter(isWhole)) {
    const inputs = graph.weight(node) ? node.input.slice(0, 1) : node.input;
    for (const name of inputs) if (graph.constant(name) === undefined) values.add(name);
    const output = joinedOutput(graph, node);
    outputs.add(output);
    if (takersOf(graph, output).some((taker) => taker && all.has(taker) && !kept.has(taker))) values.add(output);
  }
  const whole = new Set([...values].filter((value) => outputs.has(value) && !graph.isOutput(value)));
  return {weightBits, weighted: quantized, kept, values: [...values], whole};
}

/** What takes a value, also behind what whole numbers go through; undefined for whoever takes an output of the graph. */
function takersOf(graph: ModelGraph, value: string): (ModelNode | undefined)[] {
  const takers = graph
    .consumers(value)
    .flatMap((node) => (PASSING.includes(node.opType) ? takersOf(graph, node.output[0]) : [node]));
  return graph.isOutput(value) ? [...takers, undefined] : takers;
}

/** What a node computes together with the operators that are joined to it. */
function joinedOutput(graph: ModelGraph, node: ModelNode): string {
  const [output] = node.output;
  const [taker, ...others] = graph.consumers(output);
  const joined = taker && others.length === 0 && JOINED.includes(taker.opType) && !graph.isOutput(output);
  return joined ? joinedOutput(graph, taker) : output;
}
