import type {AddedNodes} from './added-nodes.ts';
import type {ModelNodes} from './model-nodes.ts';
import {type ConstantTerm, type Passed, RULES, type RuleContext} from './rules.ts';

/** A score, taken apart into what lies at the places of a feature map and the rest. */
export interface Trace {
  /** The feature map, [N, C, H, W], the weight of each of its numbers in the score, and its height and width. */
  map: {value: string; weight: string; places: readonly [height: number, width: number]};
  /** Values that are no feature maps, [N, K], and their weights. */
  numbers: [value: string, weight: string][];
  constants: ConstantTerm[];
}

/** Operators through which numbers beside the feature maps are followed back. */
const DENSE = ['Gemm', 'MatMul', 'Relu', 'Identity', 'Dropout'];

/** Weights of values whose producers have not been visited. */
type Open = Map<string, string>;

/**
 * Follows the weight of a score back through a network, to a feature map that all it has seen goes through: a class activation
 * map (Zhou et al. 2016, arXiv:1512.04150), which needs only the layers after the last feature map, or a finer one of an earlier
 * layer, where the biases between count too, each at its place (Srinivas and Fleuret 2019, arXiv:1905.00780). Nothing is approximated:
 * the parts sum to the score.
 *
 * @param score [N, C], and its weights
 * @param isEnough whether a map of such a size is fine enough; otherwise it goes on as far as it can
 * @returns undefined if no such feature map is found
 */
export function trace(
  nodes: ModelNodes,
  added: AddedNodes,
  score: {value: string; weight: string},
  shapes: ReadonlyMap<string, readonly number[]>,
  isEnough: (height: number, width: number) => boolean,
): Trace | undefined {
  const context = {nodes, added, shapes};
  const open: Open = new Map([[score.value, score.weight]]);
  const constants: ConstantTerm[] = [];
  let found: {map: Trace['map']; beside: Open; constants: number} | undefined;
  const look = () => {
    const map = onlyMap(open, context);
    if (map) found = {map, beside: new Map(open), constants: constants.length};
    return map !== undefined && isEnough(...map.places);
  };
  // The file has its nodes in the order of computation.
  for (const node of [...nodes.nodes].reverse()) {
    const output = node.output.find((name) => open.has(name) && nodes.isSpatial(name));
    if (output === undefined) continue;
    const passed = RULES[node.opType]?.(node, open.get(output)!, context);
    if (!passed) break;
    visit(open, output, passed, constants, added);
    if (look()) break;
  }
  if (!found) return undefined;
  found.beside.delete(found.map.value);
  const kept = constants.slice(0, found.constants);
  return {map: found.map, numbers: followNumbers(found.beside, kept, context), constants: kept};
}

/** Replaces a value by what it was made of. */
function visit(open: Open, value: string, {inputs, constants}: Passed, all: ConstantTerm[], added: AddedNodes): void {
  open.delete(value);
  all.push(...constants);
  for (const [input, weight] of inputs) {
    const before = open.get(input);
    open.set(input, before === undefined ? weight : added.node('Add', [before, weight]));
  }
}

/** The feature map that is the only open value with places. */
function onlyMap(open: Open, {nodes, shapes}: RuleContext): Trace['map'] | undefined {
  const placed = [...open].filter(([name]) => nodes.isSpatial(name) || shapes.get(name)?.length === 4);
  if (placed.length !== 1) return undefined;
  const [value, weight] = placed[0];
  const [, , height, width] = shapes.get(value) ?? [];
  return shapes.get(value)?.length === 4 && height * width > 1 ? {value, weight, places: [height, width]} : undefined;
}

/** Through dense layers, to the numbers that the network was given or measured. */
function followNumbers(open: Open, constants: ConstantTerm[], context: RuleContext): [string, string][] {
  for (const node of [...context.nodes.nodes].reverse()) {
    const output = node.output.find((name) => open.has(name));
    if (output === undefined || !DENSE.includes(node.opType)) continue;
    const passed = RULES[node.opType](node, open.get(output)!, context);
    if (passed) visit(open, output, passed, constants, context.added);
  }
  return [...open];
}
