export interface Interval {
  low: number;
  high: number;
  /** Confidence level, 0.95. */
  level: number;
}

/** 97.5 % point of the standard normal distribution. */
const Z_95 = 1.959963984540054;

/**
 * Wilson's score interval for a proportion at 95 %. Unlike the normal approximation, it stays inside [0, 1] and does
 * not collapse at 0 and 100 % (E. B. Wilson, JASA 22, 1927).
 *
 * @param successes number of successes in `trials`; without trials the interval is [0, 1]
 */
export function wilsonInterval(successes: number, trials: number): Interval {
  if (trials === 0) return {low: 0, high: 1, level: 0.95};
  const p = successes / trials;
  const z2 = Z_95 ** 2 / trials;
  const center = (p + z2 / 2) / (1 + z2);
  const half = (Z_95 / (1 + z2)) * Math.sqrt((p * (1 - p)) / trials + z2 / (4 * trials));
  // In exact arithmetic the ends are 0 and 1 here; rounding must not change that.
  const low = successes === 0 ? 0 : Math.max(0, center - half);
  const high = successes === trials ? 1 : Math.min(1, center + half);
  return {low, high, level: 0.95};
}
