/** Beyond this many standard deviations, a double is exactly 0 or 1. */
const FARTHEST = 8.3;
const LOG_SQRT_2_PI = 0.9189385332046727;

/** Probability of at most x for a standard normal number (Marsaglia 2004, "Evaluating the normal distribution"). */
export function normalCdf(x: number): number {
  if (x < -FARTHEST) return 0;
  if (x > FARTHEST) return 1;
  let sum = x;
  let term = x;
  for (let i = 3, before = Number.NaN; sum !== before; i += 2) {
    before = sum;
    term *= (x * x) / i;
    sum += term;
  }
  return 0.5 + sum * Math.exp(-0.5 * x * x - LOG_SQRT_2_PI);
}

/** The inverse of `normalCdf`, by bisection; the ends are finite, as a hyper-parameter must be. */
export function normalQuantile(probability: number): number {
  return bisect(normalCdf, probability, -FARTHEST, FARTHEST);
}

/** The smallest x from low to high with `rising(x) >= level`. */
export function bisect(rising: (x: number) => number, level: number, low: number, high: number): number {
  let [below, above] = [low, high];
  for (let i = 0; i < 100 && above > below; i++) {
    const middle = (below + above) / 2;
    if (middle === below || middle === above) break;
    if (rising(middle) < level) below = middle;
    else above = middle;
  }
  return above;
}
