import type {Mask} from './morphology.ts';

/** A symmetric 3 x 3 matrix: rr, gg, bb, rg, rb, gb. */
export type Symmetric = readonly [rr: number, gg: number, bb: number, rg: number, rb: number, gb: number];

export type Rgb = [red: number, green: number, blue: number];

/** Mean of the chosen cells of interleaved values. */
export function meanOf(values: Float32Array, {cells}: Mask): Rgb {
  const sums: Rgb = [0, 0, 0];
  let count = 0;
  for (let cell = 0; cell < cells.length; cell++) {
    if (cells[cell] === 0) continue;
    for (let c = 0; c < 3; c++) sums[c] += values[cell * 3 + c];
    count++;
  }
  return sums.map((sum) => sum / Math.max(1, count)) as Rgb;
}

/** Mean products of the channels over the chosen cells of interleaved values, about `mean`. */
export function covarianceOf(
  values: Float32Array,
  chosen: Uint8Array,
  [red, green, blue]: readonly number[],
): Symmetric {
  const sums = [0, 0, 0, 0, 0, 0];
  let count = 0;
  for (let cell = 0; cell < chosen.length; cell++) {
    if (chosen[cell] === 0) continue;
    const r = values[cell * 3] - red;
    const g = values[cell * 3 + 1] - green;
    const b = values[cell * 3 + 2] - blue;
    sums[0] += r * r;
    sums[1] += g * g;
    sums[2] += b * b;
    sums[3] += r * g;
    sums[4] += r * b;
    sums[5] += g * b;
    count++;
  }
  return sums.map((sum) => sum / Math.max(1, count)) as unknown as Symmetric;
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

/** v' M v */
export function squareOf([rr, gg, bb, rg, rb, gb]: Symmetric, r: number, g: number, b: number): number {
  return rr * r * r + gg * g * g + bb * b * b + 2 * (rg * r * g + rb * r * b + gb * g * b);
}
