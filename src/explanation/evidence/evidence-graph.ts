import {AddedNodes} from './added-nodes.ts';
import type {ModelNodes} from './model-nodes.ts';
import type {ConstantTerm} from './rules.ts';
import {type Trace, trace} from './trace.ts';

/** A model file whose graph also says what its score is made of. */
export interface EvidenceGraph {
  bytes: Uint8Array;
  /** The name of one more input, float32 [N, C]: the score is the sum of these numbers times the logits. */
  weights: string;
  /** The names of more outputs. The logits: [N, C]. */
  logits: string;
  /** [N, height, width] each: what the places of a feature map, or constants at its places, add to the score. */
  maps: {name: string; height: number; width: number}[];
  /** [N, K] each: what numbers beside the feature map add. */
  numbers: string[];
  /** [N] each: what constants without a place add. */
  constants: string[];
}

/** The least of an external network's. */
const COARSE = 4 * 4;

/** Which feature map is asked for: the finest that can be had, or the last that is not too coarse. */
export type Detail = 'fine' | 'last';

/** The name of the logits in a graph: what goes into the softmax, or the output itself where there is none. */
export function logitsOf(nodes: ModelNodes, output: string, isLogits: boolean): string | undefined {
  const node = nodes.producer(output);
  if (isLogits) return output;
  return node?.opType === 'Softmax' ? node.input[0] : undefined;
}

/** The values whose shapes must be known: those with places, and what is joined to them. */
export function valuesToMeasure(nodes: ModelNodes): string[] {
  const spatial = nodes.nodes.filter(({output}) => nodes.isSpatial(output[0]));
  return [...new Set(spatial.flatMap(({input, output}) => [...input, output[0]]))].filter((name) => name !== '');
}

/** The model file with one more output for the shape of each value, and their names. */
export function withShapes(
  bytes: Uint8Array,
  values: readonly string[],
): {bytes: Uint8Array; shapes: [string, string][]} {
  const added = new AddedNodes();
  const shapes = values.map((value): [string, string] => [value, added.node('Shape', [value])]);
  for (const [, name] of shapes) added.output(name);
  return {bytes: added.appendTo(bytes), shapes};
}

/**
 * Adds what takes a score apart to a model file.
 *
 * @param logits their name
 * @param classes their number
 * @param shapes of the `valuesToMeasure`
 * @returns undefined where the network has no feature map that the score is a sum over
 */
export function buildEvidence(
  bytes: Uint8Array,
  nodes: ModelNodes,
  {logits, classes, detail}: {logits: string; classes: number; detail: Detail},
  shapes: ReadonlyMap<string, readonly number[]>,
): EvidenceGraph | undefined {
  const added = new AddedNodes();
  const weights = added.input('weights', 'float32', ['rice.explain.batch', classes]);
  const isEnough = (height: number, width: number) => detail === 'last' && height * width >= COARSE;
  const traced = trace(nodes, added, {value: logits, weight: weights}, shapes, isEnough);
  if (!traced) return undefined;
  const sums = new Sums(added, nodes.opset);
  const output = (name: string) => {
    if (!nodes.outputs.includes(name)) added.output(name);
    return name;
  };
  const placed = placedTerms(traced);
  const maps = placed.map(({weight, value, places: [height, width]}) => ({
    name: output(sums.overChannels(weight, value)),
    height,
    width,
  }));
  const numbers = traced.numbers.map(([value, weight]) => output(added.node('Mul', [value, weight])));
  const constants = traced.constants
    .filter(({places}) => places === undefined)
    .map(({weight, value}) => output(sums.overAll(weight, value)));
  output(logits);
  return {bytes: added.appendTo(bytes), weights, logits, maps, numbers, constants};
}

type Placed = Required<ConstantTerm>;

function placedTerms({map: {value, weight, places}, constants}: Trace): Placed[] {
  const isPlaced = (term: ConstantTerm): term is Placed => term.places !== undefined;
  return [{value, weight, places}, ...constants.filter(isPlaced)];
}

/** Sums of products, in the way of the file's version of the operators. */
class Sums {
  readonly #added: AddedNodes;
  readonly #axesAreInputs: boolean;

  constructor(added: AddedNodes, opset: number) {
    this.#added = added;
    this.#axesAreInputs = opset >= 13;
  }

  /** [N, C, H, W] to [N, H, W]. */
  overChannels(a: string, b: string): string {
    return this.#sum(this.#added.node('Mul', [a, b]), 1);
  }

  /** [N, ...] to [N]. */
  overAll(a: string, b: string): string {
    const product = this.#added.node('Mul', [a, b]);
    return this.#sum(this.#added.node('Flatten', [product], {axis: 1}), 1);
  }

  #sum(value: string, axis: number): string {
    if (this.#axesAreInputs) return this.#added.node('ReduceSum', [value, this.#added.integers(axis)], {keepdims: 0});
    return this.#added.node('ReduceSum', [value], {axes: [axis], keepdims: 0});
  }
}
