/** Graphs made of those of model files, as ONNX messages: continued by further nodes, or partly repeated with other inputs. */
import type {GraphProto, NodeProto} from '../../../onnx/schema.ts';

const BASE_PREFIX = 'base.';

/** A graph with every list of it, also those that are empty, all names but that of its input prefixed, and no outputs. */
export function baseGraph(graph: GraphProto): GraphProto {
  const inputs = new Set(graph.input.map(({name}) => name));
  const renamed = (name: string) => (inputs.has(name) || name === '' ? name : baseName(name));
  return {
    name: graph.name,
    node: graph.node.map((node) => ({
      ...node,
      name: baseName(node.name),
      input: (node.input ?? []).map(renamed),
      output: node.output.map(renamed),
      attribute: node.attribute ?? [],
    })),
    initializer: (graph.initializer ?? []).map((each) => ({...each, name: baseName(each.name), dims: each.dims ?? []})),
    input: graph.input,
    output: [],
  };
}

/** The name of a value in `baseGraph`. */
export function baseName(name: string): string {
  return `${BASE_PREFIX}${name}`;
}

/**
 * The base's graph with another one behind it: the inputs of the other are values of the base.
 *
 * @param bound the base's value for each input of the other graph
 * @returns a graph with the other's outputs, without what none of them needs
 */
export function continueGraph(base: GraphProto, bound: ReadonlyMap<string, string>, other: GraphProto): GraphProto {
  const renamed = (name: string) => bound.get(name) ?? name;
  const node = [...base.node, ...other.node.map((each) => ({...each, input: each.input.map(renamed)}))];
  const needed = neededFor(
    node,
    other.output.map(({name}) => name),
  );
  const used = new Set(needed.flatMap(({input}) => input));
  const initializer = [...base.initializer, ...other.initializer].filter(({name}) => used.has(name));
  return {name: other.name, node: needed, initializer, input: base.input, output: other.output};
}

/**
 * Repeats what some values of a graph follow from, with others in the place of some.
 *
 * @param replaced the value that takes the place of each
 * @param wanted the values to repeat
 * @returns the nodes to add, and the repeated values, in the order of `wanted`
 */
export function repeatNodes(
  graph: GraphProto,
  replaced: ReadonlyMap<string, string>,
  wanted: readonly string[],
  prefix: string,
): {node: NodeProto[]; values: string[]} {
  const producers = new Map(graph.node.flatMap((node) => node.output.map((name) => [name, node] as const)));
  const names = new Map<string, string>(replaced);
  const repeated = new Map<NodeProto, NodeProto>();
  const order = [...new Set(graph.node)];
  const repeat = (name: string): string => {
    const known = names.get(name);
    if (known !== undefined) return known;
    const producer = producers.get(name);
    const inputs = producer?.input.map(repeat) ?? [];
    const same = inputs.every((input, i) => input === producer!.input[i]);
    if (!producer || same) {
      names.set(name, name);
      return name;
    }
    for (const output of producer.output) names.set(output, `${prefix}${output}`);
    repeated.set(producer, {
      ...producer,
      name: `${prefix}${producer.name}`,
      input: inputs,
      output: producer.output.map((output) => `${prefix}${output}`),
    });
    return names.get(name)!;
  };
  const values = wanted.map(repeat);
  return {node: order.flatMap((each) => repeated.get(each) ?? []), values};
}

/** The nodes that outputs follow from, in their order. */
function neededFor(nodes: readonly NodeProto[], outputs: readonly string[]): NodeProto[] {
  const wanted = new Set(outputs);
  const kept: NodeProto[] = [];
  for (const node of [...nodes].reverse()) {
    if (!node.output.some((name) => wanted.has(name))) continue;
    kept.push(node);
    for (const name of node.input) wanted.add(name);
  }
  return kept.reverse();
}
