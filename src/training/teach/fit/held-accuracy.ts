import {type Interval, wilsonInterval} from '../../../common/wilson-interval.ts';

/** How often answers were right that were given without the fold of the picture. */
export interface HeldAccuracy {
  folds: number;
  images: number;
  /** The groups of pictures that the folds keep together, such as photographs. */
  groups: number;
  accuracy: number;
  interval: Interval;
  /** By label. */
  labels: Record<string, {images: number; accuracy: number | null; interval: Interval}>;
  /** [true][given], in the order of the labels. */
  confusion: number[][];
  /** The share that would have been accepted, and how many of those are right. */
  accepted: number;
  acceptedRight: number | null;
  /** How many pictures of each label that there are pictures of would halve the interval. */
  toHalve: number;
}

export interface HeldAnswers {
  labels: readonly string[];
  truth: readonly number[];
  given: readonly number[];
  accepted: readonly boolean[];
  groups: readonly string[];
  folds: number;
}

export function heldAccuracy({labels, truth, given, accepted, groups, folds}: HeldAnswers): HeldAccuracy {
  const right = truth.map((label, i) => given[i] === label);
  const all = truth.map((_, i) => i);
  const of = (chosen: readonly number[]) => {
    const hits = chosen.filter((i) => right[i]).length;
    const counting = chosen.length / designEffect(chosen, right, groups);
    return {
      images: chosen.length,
      accuracy: hits / chosen.length,
      interval: wilsonInterval((hits / chosen.length) * counting, counting),
    };
  };
  const taken = all.filter((i) => accepted[i]);
  const confusion = labels.map(() => labels.map(() => 0));
  for (const i of all) confusion[truth[i]][given[i]]++;
  return {
    folds,
    groups: new Set(groups).size,
    ...of(all),
    labels: Object.fromEntries(
      labels.map((name, label) => {
        const own = all.filter((i) => truth[i] === label);
        return [name, own.length === 0 ? {images: 0, accuracy: null, interval: wilsonInterval(0, 0)} : of(own)];
      }),
    ),
    confusion,
    accepted: taken.length / all.length,
    acceptedRight: taken.length === 0 ? null : taken.filter((i) => right[i]).length / taken.length,
    toHalve: Math.ceil(picturesToHalve(of(all)) / new Set(truth).size),
  };
}

/** Correlation of the answers to pictures of one group, where it cannot be measured. */
const USUAL_CORRELATION = 0.1;

/** How many pictures the interval would be half as wide with, if as many of them were named right. */
function picturesToHalve({images, accuracy, interval}: {images: number; accuracy: number; interval: Interval}): number {
  const wanted = (interval.high - interval.low) / 2;
  let count = images;
  for (let width = 2 * wanted; width > wanted; ) {
    count *= 1.1;
    const {low, high} = wilsonInterval(accuracy * count, count);
    width = high - low;
  }
  return count;
}

/**
 * How many pictures of one group count as one: the variance of the mean over groups in place of that over single pictures
 * (Kish 1965), never below 1.
 */
function designEffect(chosen: readonly number[], right: readonly boolean[], groups: readonly string[]): number {
  const mean = chosen.filter((i) => right[i]).length / chosen.length;
  const residuals = new Map<string, number>();
  for (const i of chosen) residuals.set(groups[i], (residuals.get(groups[i]) ?? 0) + (right[i] ? 1 : 0) - mean);
  const single = chosen.length * mean * (1 - mean);
  // Without mistakes, or within one group, it cannot be measured.
  if (single === 0 || residuals.size < 2) return 1 + (chosen.length / residuals.size - 1) * USUAL_CORRELATION;
  const grouped = [...residuals.values()].reduce((sum, value) => sum + value * value, 0);
  return Math.min(chosen.length, Math.max(1, ((grouped / single) * residuals.size) / (residuals.size - 1)));
}
