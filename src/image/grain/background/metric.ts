/** A symmetric 3 x 3 matrix: rr, gg, bb, rg, rb, gb. */
export type Symmetric = readonly [rr: number, gg: number, bb: number, rg: number, rb: number, gb: number];

export type Rgb = [red: number, green: number, blue: number];

/** Mean color of some cells of RGB interleaved values. */
export function meanOf(values: Float32Array, cells: Int32Array): Rgb {
  let [red, green, blue] = [0, 0, 0];
  for (let k = 0; k < cells.length; k++) {
    const i = cells[k] * 3;
    red += values[i];
    green += values[i + 1];
    blue += values[i + 2];
  }
  const count = Math.max(1, cells.length);
  return [red / count, green / count, blue / count];
}

/** Covariance of the channels over some cells of RGB interleaved values, about `mean`. */
export function covarianceOf(values: Float32Array, cells: Int32Array, [red, green, blue]: Rgb): Symmetric {
  let [rr, gg, bb, rg, rb, gb] = [0, 0, 0, 0, 0, 0];
  for (let k = 0; k < cells.length; k++) {
    const i = cells[k] * 3;
    const r = values[i] - red;
    const g = values[i + 1] - green;
    const b = values[i + 2] - blue;
    rr += r * r;
    gg += g * g;
    bb += b * b;
    rg += r * g;
    rb += r * b;
    gb += g * b;
  }
  const count = Math.max(1, cells.length);
  return [rr / count, gg / count, bb / count, rg / count, rb / count, gb / count];
}

/** The sum of two matrices, with `ridge` added to the diagonal. */
export function sumOf(a: Symmetric, b: Symmetric, ridge: number): Symmetric {
  return a.map((value, i) => value + b[i] + (i < 3 ? ridge : 0)) as unknown as Symmetric;
}

/** By cofactors; the matrix must be positive definite. */
export function inverseOf([rr, gg, bb, rg, rb, gb]: Symmetric): Symmetric {
  const red = gg * bb - gb * gb;
  const redGreen = rb * gb - rg * bb;
  const redBlue = rg * gb - gg * rb;
  const determinant = rr * red + rg * redGreen + rb * redBlue;
  return [
    red / determinant,
    (rr * bb - rb * rb) / determinant,
    (rr * gg - rg * rg) / determinant,
    redGreen / determinant,
    redBlue / determinant,
    (rg * rb - rr * gb) / determinant,
  ];
}

export function times([rr, gg, bb, rg, rb, gb]: Symmetric, [r, g, b]: readonly number[]): [number, number, number] {
  return [rr * r + rg * g + rb * b, rg * r + gg * g + gb * b, rb * r + gb * g + bb * b];
}

/** v' M v. */
export function squareOf(m: Symmetric, r: number, g: number, b: number): number {
  return m[0] * r * r + m[1] * g * g + m[2] * b * b + 2 * (m[3] * r * g + m[4] * r * b + m[5] * g * b);
}
