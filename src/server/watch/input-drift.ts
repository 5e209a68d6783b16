import type {WindowMeasurements} from '../../image/window/measure-window.ts';
import type {Distribution, InputRecord} from '../../model/metadata.ts';

export type Statistic = keyof WindowMeasurements;
const STATISTICS: readonly Statistic[] = ['brightness', 'area'];

/** Number of recent pictures that are compared. */
const MAX_VALUES = 1000;
/** With fewer pictures, the index is noise. */
const MIN_VALUES = 100;
/** Replaces a share of 0, whose logarithm is infinite. */
const MIN_SHARE = 1e-3;

/**
 * Compares the pictures that are sent with the training pictures, by brightness and area of their grains. Both are measured
 * in the model's window, so the size of a picture does not matter.
 */
export class InputDrift {
  readonly #training: InputRecord | undefined;
  readonly #recent: Record<Statistic, RecentValues> = {brightness: new RecentValues(), area: new RecentValues()};

  /** @param training statistics of the training pictures in the model file; without them there is no comparison */
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

  /** The population stability index of each statistic, once there are enough pictures. */
  indices(): {statistic: Statistic; index: number}[] {
    const record = this.#training;
    if (!record) return [];
    return STATISTICS.flatMap((statistic) => {
      const values = this.#recent[statistic].values();
      return values.length < MIN_VALUES ? [] : [{statistic, index: stabilityIndex(values, record[statistic])}];
    });
  }
}

/**
 * The population stability index: the sum of (a - e) ln(a / e) over the ten bins between the training deciles, where a is
 * the share of the values in a bin and e that of the training, a tenth. Below 0.1 little has changed, above 0.25 much.
 */
export function stabilityIndex(values: readonly number[], {deciles}: Distribution): number {
  const counts = new Array<number>(deciles.length + 1).fill(0);
  for (const value of values) {
    const bin = deciles.findIndex((bound) => value < bound);
    counts[bin === -1 ? deciles.length : bin]++;
  }
  const expected = 1 / counts.length;
  return counts.reduce((sum, count) => {
    const share = Math.max(count / values.length, MIN_SHARE);
    return sum + (share - expected) * Math.log(share / expected);
  }, 0);
}

/** A ring buffer of the last values, unordered. */
class RecentValues {
  readonly #values: number[] = [];
  #next = 0;

  add(value: number): void {
    this.#values[this.#next] = value;
    this.#next = (this.#next + 1) % MAX_VALUES;
  }

  values(): readonly number[] {
    return this.#values;
  }
}
