/**
 * McNemar's test, exact: whether of the pictures on which two models disagree, each would as likely have been right
 * (Q. McNemar, Psychometrika 12, 1947). Under this hypothesis the smaller number is binomial with probability 1/2; two-sided.
 *
 * @param onlyFirst pictures that the first model alone is right about
 * @param onlySecond those that the second alone is right about
 * @returns the probability of numbers at least as unequal, 0 to 1
 */
export function mcnemar(onlyFirst: number, onlySecond: number): number {
  const all = onlyFirst + onlySecond;
  const fewer = Math.min(onlyFirst, onlySecond);
  // From the largest of the terms down: each is the one before times k / (n - k + 1). 2^-n alone may be 0.
  let sum = 0;
  let share = 1;
  for (let k = fewer; k >= 0 && share > 0; k--) {
    sum += share;
    share *= k / (all - k + 1);
  }
  return Math.min(1, 2 * Math.exp(logBinomial(all, fewer) - all * Math.LN2 + Math.log(sum)));
}

/**
 * Holm's correction of several tests (S. Holm, Scandinavian Journal of Statistics 6, 1979): where one compares often, something
 * looks better by chance.
 *
 * @returns for each probability the corrected one, in the same order
 */
export function holm(probabilities: readonly number[]): number[] {
  const order = probabilities.map((_, i) => i).sort((a, b) => probabilities[a] - probabilities[b]);
  const corrected = new Array<number>(probabilities.length);
  let most = 0;
  order.forEach((index, rank) => {
    most = Math.max(most, Math.min(1, probabilities[index] * (probabilities.length - rank)));
    corrected[index] = most;
  });
  return corrected;
}

/** The logarithm of the number of ways to choose k of n. */
function logBinomial(n: number, k: number): number {
  let sum = 0;
  for (let i = 1; i <= k; i++) sum += Math.log((n - k + i) / i);
  return sum;
}
