import type {WindowMeasurements} from '../../image/window/measure-window.ts';
import type {Distribution, InputRecord} from '../../model/metadata.ts';

export type Statistic = keyof WindowMeasurements;
const STATISTICS: readonly Statistic[] = ['brightness', 'area'];

/** Pictures that are looked back at. */
const WINDOW = 1000;
/** Fewer say nothing: their index is noise. */
const ENOUGH = 100;
/** Stands for a share of none, whose logarithm has no end. */
const LEAST_SHARE = 1e-3;

/**
 * Holds the pictures that are sent against those that the model was trained on, by the brightness and area of their
 * grains. Both are measured in the model's window, so the size of a picture does not matter.
 */
export class InputDrift {
  readonly #training: InputRecord | undefined;
  readonly #recent: Record<Statistic, RecentValues> = {brightness: new RecentValues(), area: new RecentValues()};

  /** @param training what the model file tells of its training pictures; without it there is nothing to compare with */
  constructor(training: InputRecord | undefined) {
    this.#training = training;
  }

  add(measured: WindowMeasurements): void {
    for (const statistic of STATISTICS) this.#recent[statistic].add(measured[statistic]);
  }

  recent(): {statistic: Statistic; mean: number}[] {
    return STATISTICS.flatMap((statistic) => {
      const values = this.#recent[statistic].values();
      if (values.length === 0) return [];
      return [{statistic, mean: values.reduce((sum, value) => sum + value, 0) / values.length}];
    });
  }

  training(): {statistic: Statistic; mean: number}[] {
    const record = this.#training;
    return record ? STATISTICS.map((statistic) => ({statistic, mean: record[statistic].mean})) : [];
  }

  /** Of each statistic the population stability index of the last pictures, once there are enough of them. */
  indices(): {statistic: Statistic; index: number}[] {
    const record = this.#training;
    if (!record) return [];
    return STATISTICS.flatMap((statistic) => {
      const values = this.#recent[statistic].values();
      return values.length < ENOUGH ? [] : [{statistic, index: stabilityIndex(values, record[statistic])}];
    });
  }
}

/**
 * The population stability index: sum over the ten parts that the deciles of the training make of (a - e) ln(a / e), with
 * a the share of the values in a part and e that of the training, a tenth. Below 0.1 nothing has changed, above 0.25 much.
 */
export function stabilityIndex(values: readonly number[], {deciles}: Distribution): number {
  const counts = new Array<number>(deciles.length + 1).fill(0);
  for (const value of values) {
    const part = deciles.findIndex((bound) => value < bound);
    counts[part === -1 ? deciles.length : part]++;
  }
  const expected = 1 / counts.length;
  return counts.reduce((sum, count) => {
    const share = Math.max(count / values.length, LEAST_SHARE);
    return sum + (share - expected) * Math.log(share / expected);
  }, 0);
}

/** The last values, in no order. */
class RecentValues {
  readonly #values: number[] = [];
  #next = 0;

  add(value: number): void {
    this.#values[this.#next] = value;
    this.#next = (this.#next + 1) % WINDOW;
  }

  values(): readonly number[] {
    return this.#values;
  }
}
