import type {Random} from '../../training/random.ts';
import {normalCdf} from '../space/normal.ts';
import {drawIndex} from './random-sampler.ts';

/** Weight of the prior against one observation. */
const PRIOR_WEIGHT = 1;
/** Kernels are never narrower than the range divided by this. */
const NARROWEST = 100;

/**
 * A density on [0, 1] from weighted observations: a normal kernel at each, as wide as the distance to its farther neighbor,
 * cut off at the ends, and one in the middle for the prior (the adaptive Parzen estimator of Bergstra, Bardenet, Bengio &
 * Kégl 2011, "Algorithms for Hyper-Parameter Optimization", section 4; widths limited as in Optuna).
 */
export class ParzenEstimator {
  readonly #kernels: {middle: number; width: number; weight: number; mass: number}[];

  constructor(points: readonly number[], weights: readonly number[]) {
    const all = [
      ...points.map((middle, i) => ({middle, weight: weights[i], prior: false})),
      {middle: 0.5, weight: PRIOR_WEIGHT, prior: true},
    ];
    all.sort((a, b) => a.middle - b.middle);
    const total = all.reduce((sum, {weight}) => sum + weight, 0);
    const least = 1 / Math.min(NARROWEST, 1 + all.length);
    this.#kernels = all.map(({middle, weight, prior}, i) => {
      const width = prior ? 1 : Math.min(1, Math.max(least, distance(i)));
      const mass = normalCdf((1 - middle) / width) - normalCdf(-middle / width);
      return {middle, width, weight: weight / total, mass};
    });

    // The ends of the range count as neighbors only where there are hardly any others.
    function distance(i: number): number {
      const ends = all.length < 4;
      const left = i > 0 ? all[i].middle - all[i - 1].middle : ends ? all[i].middle : 0;
      const right = i < all.length - 1 ? all[i + 1].middle - all[i].middle : ends ? 1 - all[i].middle : 0;
      return Math.max(left, right);
    }
  }

  draw(random: Random): number {
    const {middle, width} =
      this.#kernels[
        drawIndex(
          this.#kernels.map(({weight}) => weight),
          random,
        )
      ];
    for (;;) {
      const value = middle + width * random.normal();
      if (value >= 0 && value < 1) return value;
    }
  }

  logDensity(x: number): number {
    const density = this.#kernels.reduce((sum, {middle, width, weight, mass}) => {
      const z = (x - middle) / width;
      return sum + (weight * Math.exp(-0.5 * z * z)) / (width * mass * Math.sqrt(2 * Math.PI));
    }, 0);
    return Math.log(density);
  }
}
