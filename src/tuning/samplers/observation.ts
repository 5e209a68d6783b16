/** What is known of a trial when the next one is chosen. */
export interface Observation {
  parameters: Readonly<Record<string, unknown>>;
  /** Numbers to compare by, the first first; lower is better. */
  loss: readonly number[];
  /** Epochs after which the trial was stopped; undefined if it came to its end. */
  stoppedAfter?: number;
}

/**
 * Whether `a` is better than `b`: trials that came to their end first, then those that were stopped late, then by loss (as
 * Optuna ranks pruned trials).
 */
export function compareObservations(a: Observation, b: Observation): number {
  const [first, second] = [a.stoppedAfter ?? Number.POSITIVE_INFINITY, b.stoppedAfter ?? Number.POSITIVE_INFINITY];
  return first === second ? compareLosses(a.loss, b.loss) : second - first;
}

export function compareLosses(a: readonly number[], b: readonly number[]): number {
  const i = a.findIndex((value, index) => value !== b[index]);
  return i < 0 ? 0 : a[i] - b[i];
}
