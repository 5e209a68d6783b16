export interface Temperature {
  /** The divisor of the logits before the softmax; above 1 makes a model less confident. */
  temperature: number;
  /** Mean negative log-likelihood in nats, without and with the temperature. */
  nllBefore: number;
  nllAfter: number;
}

/** Limits of the temperature. Without any mistake the optimum would be 0, which no evidence supports. */
const RANGE: readonly [number, number] = [0.05, 20];

/** Tolerance of log T: T is found to about a millionth. */
const TOLERANCE = 1e-6;

/**
 * Temperature scaling (Guo et al. 2017): finds the temperature with the highest likelihood on images that the model was not
 * trained on. The negative log-likelihood is convex in 1 / T, so it has one minimum over log T, which a golden-section
 * search finds.
 *
 * @param logits images x classes, row by row, unscaled
 * @param labels true label of each image; sets the number of rows
 * @returns the temperature, from 0.05 to 20; 1 without images
 */
export function fitTemperature(logits: ArrayLike<number>, labels: ArrayLike<number>): Temperature {
  if (labels.length === 0) return {temperature: 1, nllBefore: 0, nllAfter: 0};
  if (logits.length % labels.length !== 0) throw new RangeError('logits must have one row per label');
  const loss = (logT: number) => negativeLogLikelihood(logits, labels, Math.exp(logT));
  const temperature = Math.exp(goldenSection(loss, Math.log(RANGE[0]), Math.log(RANGE[1])));
  const nllBefore = negativeLogLikelihood(logits, labels, 1);
  return {temperature, nllBefore, nllAfter: negativeLogLikelihood(logits, labels, temperature)};
}

/** Mean over the images of -log softmax(logits / T)[label]. */
export function negativeLogLikelihood(
  logits: ArrayLike<number>,
  labels: ArrayLike<number>,
  temperature: number,
): number {
  const classes = logits.length / labels.length;
  let total = 0;
  for (let i = 0; i < labels.length; i++) {
    const row = i * classes;
    let largest = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < classes; c++) largest = Math.max(largest, logits[row + c]);
    let sum = 0;
    for (let c = 0; c < classes; c++) sum += Math.exp((logits[row + c] - largest) / temperature);
    total += Math.log(sum) - (logits[row + labels[i]] - largest) / temperature;
  }
  return total / labels.length;
}

/** Finds the minimum of a function with a single minimum in [low, high]. */
function goldenSection(f: (x: number) => number, low: number, high: number): number {
  const shrink = (Math.sqrt(5) - 1) / 2;
  let [a, b] = [low, high];
  let [left, right] = [b - shrink * (b - a), a + shrink * (b - a)];
  let [atLeft, atRight] = [f(left), f(right)];
  while (b - a > TOLERANCE) {
    if (atLeft <= atRight) {
      [b, right, atRight] = [right, left, atLeft];
      left = b - shrink * (b - a);
      atLeft = f(left);
    } else {
      [a, left, atLeft] = [left, right, atRight];
      right = a + shrink * (b - a);
      atRight = f(right);
    }
  }
  return (a + b) / 2;
}
