/** Logits that are a linear function of a vector: x W + b. */
export interface LinearHead {
  dimensions: number;
  classes: number;
  /** [D, C], row-major. */
  weights: Float64Array;
  /** [C]. */
  bias: Float64Array;
}

/** The logits of rows [N, D], added to others if there are any: [N, C]. */
export function logitsOf(
  {dimensions, classes, weights, bias}: LinearHead,
  rows: ArrayLike<number>,
  others?: ArrayLike<number>,
): Float64Array {
  const count = rows.length / dimensions;
  const logits = new Float64Array(count * classes);
  for (let row = 0; row < count; row++) {
    for (let label = 0; label < classes; label++) {
      const at = row * classes + label;
      logits[at] = bias[label] + (others?.[at] ?? 0);
    }
    for (let i = 0; i < dimensions; i++) {
      const value = rows[row * dimensions + i];
      for (let label = 0; label < classes; label++)
        logits[row * classes + label] += value * weights[i * classes + label];
    }
  }
  return logits;
}
