/**
 * The covariance of few rows of many numbers: (1 - s) S + s m I, where S is the sample covariance, m the mean variance, and
 * s the shrinkage that minimizes the expected squared error. O. Ledoit, M. Wolf, "A well-conditioned estimator for
 * large-dimensional covariance matrices", Journal of Multivariate Analysis 88 (2004) 365-411.
 *
 * @param centered rows of `width` numbers around 0
 * @returns width x width numbers, positive definite
 */
export function shrunkCovariance(centered: Float64Array, width: number): Float64Array {
  const count = Math.max(1, centered.length / width);
  const sample = new Float64Array(width * width);
  for (let i = 0; i < centered.length; i += width)
    for (let a = 0; a < width; a++) {
      const value = centered[i + a];
      if (value !== 0) for (let b = 0; b <= a; b++) sample[a * width + b] += value * centered[i + b];
    }
  for (let a = 0; a < width; a++)
    for (let b = 0; b <= a; b++) {
      sample[a * width + b] /= count;
      sample[b * width + a] = sample[a * width + b];
    }
  const shrinkage = shrinkageOf(centered, sample, width);
  let trace = 0;
  for (let k = 0; k < width; k++) trace += sample[k * width + k];
  const mean = trace / width;
  for (let i = 0; i < sample.length; i++) sample[i] *= 1 - shrinkage;
  // Columns that do not vary would leave it singular.
  for (let k = 0; k < width; k++) sample[k * width + k] += shrinkage * mean + 1e-9;
  return sample;
}

/** The shrinkage: b2 / d2 of section 3.2 of the paper, from 0 to 1. */
export function shrinkageOf(centered: Float64Array, sample: Float64Array, width: number): number {
  const count = Math.max(1, centered.length / width);
  let trace = 0;
  let squares = 0;
  for (let k = 0; k < width; k++) trace += sample[k * width + k];
  for (const value of sample) squares += value * value;
  const distance = squares - trace ** 2 / width;
  // The sum over all pictures of the squared norms of x x' is that of the fourth powers of the norms of x.
  let fourth = 0;
  for (let i = 0; i < centered.length; i += width) {
    let norm = 0;
    for (let k = 0; k < width; k++) norm += centered[i + k] ** 2;
    fourth += norm ** 2;
  }
  const error = (fourth / count - squares) / count;
  return distance <= 0 ? 1 : Math.max(0, Math.min(1, error / distance));
}
