import {createHash} from 'node:crypto';
import {type State, Xoshiro128} from '../../common/xoshiro128.ts';

/** How often a sample is drawn again from itself. */
export const RESAMPLES = 1000;

/**
 * Sums of masses by class in samples that are drawn from the given one, with replacement and of the same size (bootstrap,
 * Efron 1979). From them comes the interval of any share of mass among these classes, without drawing again.
 *
 * @param classes class of each item, 0 to `count` - 1
 * @param seed the same seed gives the same samples, on every machine
 * @returns for each class its sum in every one of the `RESAMPLES` samples
 */
export function resampleMasses(
  masses: ArrayLike<number>,
  classes: ArrayLike<number>,
  count: number,
  seed: string,
): Float64Array[] {
  const sums = Array.from({length: count}, () => new Float64Array(RESAMPLES));
  const random = new Xoshiro128(stateOf(seed));
  const size = masses.length;
  const scale = size / 2 ** 32;
  const mass = Float64Array.from(masses);
  const classOf = Uint32Array.from(classes);
  const current = new Float64Array(count);
  for (let sample = 0; sample < RESAMPLES; sample++) {
    current.fill(0);
    for (let draw = 0; draw < size; draw++) {
      const item = Math.floor(random.integer() * scale);
      current[classOf[item]] += mass[item];
    }
    for (let i = 0; i < count; i++) sums[i][sample] = current[i];
  }
  return sums;
}

function stateOf(seed: string): State {
  const digest = createHash('sha256').update(seed).digest();
  return [digest.readUInt32LE(0), digest.readUInt32LE(4), digest.readUInt32LE(8), digest.readUInt32LE(12) | 1];
}
