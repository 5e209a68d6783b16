import type {Layout, Placed} from './parameters.ts';

/** The values of parameters and running statistics, and where each lies in its flat vector. */
export interface Weights {
  layout: Pick<Layout, 'parameters' | 'statistics'>;
  parameters: Float32Array;
  statistics: Float32Array;
}

/** Finds parameters and running statistics by name in one or several sets of weights. */
export class WeightStore {
  readonly #values = new Map<string, {vector: Float32Array; placed: Placed}>();

  constructor(...sets: readonly Weights[]) {
    for (const {layout, parameters, statistics} of sets) {
      for (const placed of layout.parameters) this.#values.set(placed.name, {vector: parameters, placed});
      for (const placed of layout.statistics) this.#values.set(placed.name, {vector: statistics, placed});
    }
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** A copy of the values. Throws a RangeError if there are none of this name. */
  get(name: string): Float32Array {
    const found = this.#values.get(name);
    if (!found) throw new RangeError(`there are no weights named ${name}`);
    const {vector, placed} = found;
    return vector.slice(placed.offset, placed.offset + placed.length);
  }
}
