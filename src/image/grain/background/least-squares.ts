import type {Frame} from '../../frame.ts';
import type {CellSamples} from './cell-samples.ts';

/** The coefficients of 1, x, y, x x, x y, y y: enough for light from one side and for vignetting. */
export type Quadratic = Float64Array;

const TERMS = 6;
/** Index of the moment that is the product of two terms. */
const PRODUCTS = [
  [0, 1, 2, 3, 4, 5],
  [1, 3, 4, 6, 7, 8],
  [2, 4, 5, 7, 8, 9],
  [3, 6, 7, 10, 11, 12],
  [4, 7, 8, 11, 12, 13],
  [5, 8, 9, 12, 13, 14],
];

/** Least-squares fit of quadratic surfaces, one per channel, to some of a frame's cells. Cells can be removed again. */
export class LeastSquares {
  /** Sums of 1, x, y, x x, x y, y y, and of the products of degree 3 and 4. */
  readonly #moments = new Float64Array(15);
  /** For each channel, the sums of its level times each term. */
  readonly #levels = new Float64Array(3 * TERMS);
  readonly #frame: Frame;
  readonly #samples: CellSamples;

  constructor(frame: Frame, samples: CellSamples) {
    this.#frame = frame;
    this.#samples = samples;
  }

  /** @param weight 1 to add the sample, -1 to remove it */
  add(sample: number, weight: 1 | -1): void {
    const moments = this.#moments;
    const levels = this.#levels;
    const {data} = this.#frame;
    const x = this.#samples.x[sample];
    const y = this.#samples.y[sample];
    const [weightedX, weightedY] = [weight * x, weight * y];
    const [xx, xy, yy] = [weightedX * x, weightedX * y, weightedY * y];
    moments[0] += weight;
    moments[1] += weightedX;
    moments[2] += weightedY;
    moments[3] += xx;
    moments[4] += xy;
    moments[5] += yy;
    moments[6] += xx * x;
    moments[7] += xx * y;
    moments[8] += xy * y;
    moments[9] += yy * y;
    moments[10] += xx * x * x;
    moments[11] += xx * x * y;
    moments[12] += xx * y * y;
    moments[13] += xy * y * y;
    moments[14] += yy * y * y;
    const pixel = this.#samples.cells[sample] * 3;
    for (let c = 0, at = 0; c < 3; c++, at += TERMS) {
      const level = data[pixel + c];
      levels[at] += weight * level;
      levels[at + 1] += weightedX * level;
      levels[at + 2] += weightedY * level;
      levels[at + 3] += xx * level;
      levels[at + 4] += xy * level;
      levels[at + 5] += yy * level;
    }
  }

  /** Surfaces of red, green and blue. */
  solve(): Quadratic[] {
    const rows = PRODUCTS.map((products, i) =>
      Float64Array.of(
        ...products.map((product) => this.#moments[product]),
        ...[0, 1, 2].map((c) => this.#levels[c * TERMS + i]),
      ),
    );
    // Ridge: with too few samples for all terms, the higher ones stay near 0.
    for (let i = 0; i < TERMS; i++) rows[i][i] += 1e-6 * this.#moments[0] + 1e-9;
    return solveSystem(rows);
  }
}

/** Gauss-Jordan elimination of a symmetric positive definite system with three right-hand sides. */
function solveSystem(rows: Float64Array[]): Quadratic[] {
  for (let pivot = 0; pivot < TERMS; pivot++)
    for (let i = 0; i < TERMS; i++) {
      if (i === pivot) continue;
      const factor = rows[i][pivot] / rows[pivot][pivot];
      for (let k = pivot; k < TERMS + 3; k++) rows[i][k] -= factor * rows[pivot][k];
    }
  return [0, 1, 2].map((c) => Float64Array.from(rows, (row, i) => row[TERMS + c] / row[i]));
}
