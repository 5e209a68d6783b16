/** Mean and deviation of the values in the mask within a square around a pixel, in constant time (Crow 1984: summed areas). */
export class LocalMoments {
  readonly #width: number;
  readonly #height: number;
  readonly #radius: number;
  /** Number, sum and sum of squares of all to the top left. */
  readonly #sums: [Float64Array, Float64Array, Float64Array];
  readonly #moments = {mean: 0, deviation: 0};

  constructor(values: Float32Array, mask: Uint8Array, width: number, height: number, radius: number) {
    this.#width = width;
    this.#height = height;
    this.#radius = radius;
    const size = (width + 1) * (height + 1);
    const [counts, sums, squares] = [new Float64Array(size), new Float64Array(size), new Float64Array(size)];
    for (let y = 0; y < height; y++) {
      let [count, sum, square] = [0, 0, 0];
      for (let x = 0; x < width; x++) {
        const at = y * width + x;
        if (mask[at] !== 0) {
          count++;
          sum += values[at];
          square += values[at] * values[at];
        }
        const to = (y + 1) * (width + 1) + x + 1;
        const above = to - width - 1;
        counts[to] = counts[above] + count;
        sums[to] = sums[above] + sum;
        squares[to] = squares[above] + square;
      }
    }
    this.#sums = [counts, sums, squares];
  }

  /** Of a pixel in the mask. The same object is returned each time. */
  at(x: number, y: number): {mean: number; deviation: number} {
    const stride = this.#width + 1;
    const top = Math.max(0, y - this.#radius) * stride;
    const bottom = Math.min(this.#height, y + this.#radius + 1) * stride;
    const left = Math.max(0, x - this.#radius);
    const right = Math.min(this.#width, x + this.#radius + 1);
    const corners = {a: bottom + right, b: top + right, c: bottom + left, d: top + left};
    const count = within(this.#sums[0], corners);
    const mean = within(this.#sums[1], corners) / count;
    this.#moments.mean = mean;
    this.#moments.deviation = Math.sqrt(Math.max(0, within(this.#sums[2], corners) / count - mean * mean));
    return this.#moments;
  }
}

function within(sums: Float64Array, {a, b, c, d}: {a: number; b: number; c: number; d: number}): number {
  return sums[a] - sums[b] - sums[c] + sums[d];
}
