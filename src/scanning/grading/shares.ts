import {wilsonInterval} from '../../common/wilson-interval.ts';
import type {ScannedGrain, Share} from '../types.ts';
import {RESAMPLES, resampleMasses} from './bootstrap.ts';
import {quantile} from './statistics.ts';

/** What shares are taken of. */
export type SharedGrain = Pick<
  ScannedGrain,
  'label' | 'known' | 'grade' | 'broken' | 'pieceOf' | 'corrected' | 'discolored'
>;

/** With fewer grains than this on either side, a bootstrap has too little to draw from, and its interval is too narrow. */
const FEW = 10;

/** Shares of one sample, by number and by mass, with intervals that repeat. */
export class SampleShares {
  /** A grain of each class; all grains of a class agree in what shares ask for. */
  readonly #examples: SharedGrain[] = [];
  readonly #counts: number[] = [];
  readonly #masses: number[] = [];
  readonly #squares: number[] = [];
  readonly #sums: Float64Array[];

  /**
   * @param masses of the grains, in any one unit
   * @param seed of the resamples
   */
  constructor(grains: readonly SharedGrain[], masses: readonly number[], seed: string) {
    const numbers = new Map<string, number>();
    const classes = grains.map((grain, i) => {
      const {label, known, grade, broken, pieceOf, corrected, discolored} = grain;
      const key = JSON.stringify([known ? label : null, grade, broken, pieceOf, corrected, discolored]);
      const number = numbers.get(key) ?? numbers.size;
      if (number === numbers.size) {
        numbers.set(key, number);
        this.#examples.push(grain);
        for (const list of [this.#counts, this.#masses, this.#squares]) list.push(0);
      }
      this.#counts[number]++;
      this.#masses[number] += masses[i];
      this.#squares[number] += masses[i] ** 2;
      return number;
    });
    this.#sums = resampleMasses(masses, classes, numbers.size, seed);
  }

  /**
   * The share of the grains that are `in` it, of those that are `of` what is counted, with 95 % intervals: Wilson's by number,
   * the percentiles of the bootstrap by mass. Where fewer than ten grains are on either side, the interval by mass is
   * Wilson's, too, for the number of grains of equal mass that would tell as much: (sum m)^2 / sum m^2 (Kish 1965).
   */
  share(isIn: (grain: SharedGrain) => boolean, isOf: (grain: SharedGrain) => boolean = () => true): Share {
    const of = this.#examples.flatMap((grain, i) => (isOf(grain) ? [i] : []));
    const inside = of.filter((i) => isIn(this.#examples[i]));
    const [count, all] = [total(this.#counts, inside), total(this.#counts, of)];
    const [mass, allMass] = [total(this.#masses, inside), total(this.#masses, of)];
    const {low, high} = wilsonInterval(count, all);
    const massShare = allMass > 0 ? mass / allMass : 0;
    const byMass =
      Math.min(count, all - count) < FEW
        ? wilsonInterval(massShare * this.#effective(of), this.#effective(of))
        : this.#percentiles(inside, of);
    return {
      count,
      share: all === 0 ? 0 : count / all,
      low,
      high,
      massShare,
      massLow: Math.min(byMass.low, massShare),
      massHigh: Math.max(byMass.high, massShare),
    };
  }

  /** Number of grains of equal mass that tell as much of a share by mass. */
  #effective(classes: readonly number[]): number {
    const squares = total(this.#squares, classes);
    return squares > 0 ? total(this.#masses, classes) ** 2 / squares : 0;
  }

  #percentiles(inside: readonly number[], of: readonly number[]): {low: number; high: number} {
    const shares = Float64Array.from({length: RESAMPLES}, (_, sample) => {
      const [part, whole] = [inside, of].map((list) => list.reduce((sum, i) => sum + this.#sums[i][sample], 0));
      return whole > 0 ? part / whole : 0;
    });
    return {low: quantile(shares, 0.025), high: quantile(shares, 0.975)};
  }
}

function total(values: readonly number[], at: readonly number[]): number {
  return at.reduce((sum, i) => sum + values[i], 0);
}
