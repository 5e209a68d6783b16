/**
 * Confident learning: which labels are probably wrong, from probabilities that a model gave to pictures whose labels it
 * had not seen. C. G. Northcutt, L. Jiang, I. L. Chuang, "Confident learning: estimating uncertainty in dataset labels",
 * Journal of Artificial Intelligence Research 70 (2021) 1373-1411, https://doi.org/10.1613/jair.1.12125.
 */

export interface GivenLabels {
  /** The label that each picture has, as an index from 0 to `classes - 1`. */
  given: ArrayLike<number>;
  /** One row of `classes` probabilities for each picture, out of fold. */
  probabilities: ArrayLike<number>;
  classes: number;
}

/** A picture whose label is probably wrong. */
export interface LabelError {
  /** Position of the picture. */
  index: number;
  /** The label that it probably should have: the most probable one. */
  suggested: number;
  /** p(suggested) - p(given), above 0 and at most 1. */
  margin: number;
}

/** Probabilities are stored as 32-bit floats: a mean may lie above its only summand by as much. */
const TOLERANCE = 1e-6;

/**
 * The threshold of each label: the mean probability of label j over the pictures that are labeled j (equation 2).
 * Infinite for a label without pictures, which nothing reaches.
 */
export function confidenceThresholds({given, probabilities, classes}: GivenLabels): Float64Array {
  const sums = new Float64Array(classes);
  const counts = new Float64Array(classes);
  for (let i = 0; i < given.length; i++) {
    sums[given[i]] += probabilities[i * classes + given[i]];
    counts[given[i]] += 1;
  }
  return sums.map((sum, label) => (counts[label] === 0 ? Number.POSITIVE_INFINITY : sum / counts[label]));
}

/**
 * The confident joint: row i, column j counts the pictures labeled i that are confidently j, which is the most probable of
 * the labels whose threshold is reached (equation 1). A picture that reaches no threshold is not counted.
 *
 * @returns classes x classes counts
 */
export function confidentJoint(data: GivenLabels): number[][] {
  const {given, probabilities, classes} = data;
  const thresholds = confidenceThresholds(data);
  const joint = Array.from({length: classes}, () => new Array<number>(classes).fill(0));
  for (let i = 0; i < given.length; i++) {
    let best = -1;
    for (let j = 0; j < classes; j++) {
      const p = probabilities[i * classes + j];
      if (p >= thresholds[j] - TOLERANCE && (best < 0 || p > probabilities[i * classes + best])) best = j;
    }
    if (best >= 0) joint[given[i]][best] += 1;
  }
  return joint;
}

/**
 * How many pictures labeled i are really j: the confident joint, each row scaled to the number of pictures with its label
 * (equation 3) and rounded to whole pictures, which add up to that number.
 */
export function estimatedCounts(data: GivenLabels): number[][] {
  const {given, classes} = data;
  const counts = new Array<number>(classes).fill(0);
  for (let i = 0; i < given.length; i++) counts[given[i]] += 1;
  return confidentJoint(data).map((row, label) => {
    // Of a label that nothing confidently has, all pictures are taken to have it.
    const own = row.map((count, j) => (j === label ? Math.max(1, count) : count));
    const sum = own.reduce((total, count) => total + count, 0);
    return roundedTo(
      counts[label],
      own.map((count) => (count / sum) * counts[label]),
    );
  });
}

/**
 * Finds label errors by pruning by noise rate (section 3.3, method 4): of the pictures labeled i, the n(i, j) with the
 * largest margin p(j) - p(i), for every other label j. A picture whose own label is the most probable one is kept.
 *
 * @returns the most certain errors first
 */
export function findLabelErrors(data: GivenLabels): LabelError[] {
  const {given, probabilities, classes} = data;
  const wrong = new Set<number>();
  const members = Array.from({length: classes}, (): number[] => []);
  for (let i = 0; i < given.length; i++) members[given[i]].push(i);
  estimatedCounts(data).forEach((row, label) => {
    row.forEach((count, other) => {
      if (other === label || count === 0) return;
      const margin = (i: number) => probabilities[i * classes + other] - probabilities[i * classes + label];
      const ranked = [...members[label]].sort((a, b) => margin(b) - margin(a) || a - b);
      for (const i of ranked.slice(0, count)) wrong.add(i);
    });
  });
  return [...wrong]
    .map((index) => ({index, ...bestOf(data, index)}))
    .filter(({margin}) => margin > 0)
    .sort((a, b) => b.margin - a.margin || ofGiven(data, a.index) - ofGiven(data, b.index) || a.index - b.index);
}

/** The probability of the label that a picture has. */
function ofGiven({given, probabilities, classes}: GivenLabels, index: number): number {
  return probabilities[index * classes + given[index]];
}

/** The most probable label of a picture, and how much more probable than the given one it is. */
export function bestOf(data: GivenLabels, index: number): Omit<LabelError, 'index'> {
  const {probabilities, classes} = data;
  let suggested = 0;
  for (let j = 1; j < classes; j++)
    if (probabilities[index * classes + j] > probabilities[index * classes + suggested]) suggested = j;
  const margin = probabilities[index * classes + suggested] - ofGiven(data, index);
  return {suggested, margin};
}

/** Whole numbers with this sum, each as near to its value as that allows: the largest fractions are rounded up, of equal ones the last. */
function roundedTo(sum: number, values: readonly number[]): number[] {
  const rounded = values.map(Math.floor);
  const missing = sum - rounded.reduce((total, value) => total + value, 0);
  const byFraction = values.map((value, i) => [value - rounded[i], i]).sort((a, b) => b[0] - a[0] || b[1] - a[1]);
  for (const [, i] of byFraction.slice(0, missing)) rounded[i] += 1;
  return rounded;
}
