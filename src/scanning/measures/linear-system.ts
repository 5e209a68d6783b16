/**
 * Solves `matrix x = values` by Gaussian elimination with partial pivoting. Both are changed.
 *
 * @returns undefined where the rows say too little to tell x
 */
export function solveLinear(matrix: Float64Array[], values: Float64Array): Float64Array | undefined {
  const n = values.length;
  for (let column = 0; column < n; column++) {
    let pivot = column;
    for (let row = column + 1; row < n; row++)
      if (Math.abs(matrix[row][column]) > Math.abs(matrix[pivot][column])) pivot = row;
    if (!(Math.abs(matrix[pivot][column]) > 1e-12)) return undefined;
    [matrix[column], matrix[pivot]] = [matrix[pivot], matrix[column]];
    [values[column], values[pivot]] = [values[pivot], values[column]];
    for (let row = column + 1; row < n; row++) {
      const factor = matrix[row][column] / matrix[column][column];
      if (factor === 0) continue;
      for (let k = column; k < n; k++) matrix[row][k] -= factor * matrix[column][k];
      values[row] -= factor * values[column];
    }
  }
  for (let row = n - 1; row >= 0; row--) {
    for (let k = row + 1; k < n; k++) values[row] -= matrix[row][k] * values[k];
    values[row] /= matrix[row][row];
  }
  return values;
}

/** Sums up the normal equations of a weighted least-squares problem with `terms` unknowns. */
export class NormalEquations {
  readonly #matrix: Float64Array[];
  readonly #values: Float64Array;

  constructor(terms: number) {
    this.#matrix = Array.from({length: terms}, () => new Float64Array(terms));
    this.#values = new Float64Array(terms);
  }

  /** One equation: the sum of `row[i] * x[i]` is `value`. */
  add(row: ArrayLike<number>, value: number, weight = 1): void {
    for (let i = 0; i < row.length; i++) {
      const scaled = weight * row[i];
      for (let k = 0; k < row.length; k++) this.#matrix[i][k] += scaled * row[k];
      this.#values[i] += scaled * value;
    }
  }

  /** Call it once. @returns undefined where the equations say too little */
  solve(): Float64Array | undefined {
    return solveLinear(this.#matrix, this.#values);
  }
}
