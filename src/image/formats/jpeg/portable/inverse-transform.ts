/** Cosines and sines in units of 1 / 4096. */
const [COS_1, SIN_1] = [4017, 799];
const [COS_3, SIN_3] = [3406, 2276];
const [COS_6, SIN_6] = [1567, 3784];
const ROOT_2 = 5793;
const HALF_ROOT_2 = 2896;

const values = new Int32Array(64);

/**
 * The samples of a block from its coefficients: the inverse cosine transform of Loeffler, Ligtenberg and Moschytz ("Practical
 * fast 1-D DCT algorithms with 11 multiplications", ICASSP 1989) in whole numbers, first along rows, then along columns, rounded
 * as poppler and jpeg-js do.
 *
 * @param at of the first of its 64 coefficients, in rows
 * @param out where samples of 0 to 255 go: 8 rows, `stride` apart, from `to` on
 */
export function inverseTransform(
  coefficients: Int16Array,
  at: number,
  quantization: Uint16Array,
  out: Uint8Array,
  to: number,
  stride: number,
): void {
  for (let i = 0; i < 64; i++) values[i] = coefficients[at + i] * quantization[i];
  for (let row = 0; row < 64; row += 8) transformRow(row);
  for (let column = 0; column < 8; column++) transformColumn(column);
  for (let y = 0, i = 0, target = to; y < 8; y++, target += stride)
    for (let x = 0; x < 8; x++, i++) {
      const sample = 128 + ((values[i] + 8) >> 4);
      out[target + x] = sample < 0 ? 0 : sample > 255 ? 255 : sample;
    }
}

/** In: units of 1. Out: of 1 / 16. */
function transformRow(i: number): void {
  const p = values;
  if ((p[i + 1] | p[i + 2] | p[i + 3] | p[i + 4] | p[i + 5] | p[i + 6] | p[i + 7]) === 0) {
    p.fill((ROOT_2 * p[i] + 512) >> 10, i, i + 8);
    return;
  }
  combine(
    i,
    1,
    (ROOT_2 * p[i] + 128) >> 8,
    (ROOT_2 * p[i + 4] + 128) >> 8,
    (p[i + 2] * SIN_6 + p[i + 6] * COS_6 + 128) >> 8,
    (p[i + 2] * COS_6 - p[i + 6] * SIN_6 + 128) >> 8,
    (HALF_ROOT_2 * (p[i + 1] - p[i + 7]) + 128) >> 8,
    (HALF_ROOT_2 * (p[i + 1] + p[i + 7]) + 128) >> 8,
    p[i + 3] << 4,
    p[i + 5] << 4,
  );
}

function transformColumn(i: number): void {
  const p = values;
  if ((p[i + 8] | p[i + 16] | p[i + 24] | p[i + 32] | p[i + 40] | p[i + 48] | p[i + 56]) === 0) {
    const constant = (ROOT_2 * p[i] + 8192) >> 14;
    for (let k = i; k < 64; k += 8) p[k] = constant;
    return;
  }
  combine(
    i,
    8,
    (ROOT_2 * p[i] + 2048) >> 12,
    (ROOT_2 * p[i + 32] + 2048) >> 12,
    (p[i + 16] * SIN_6 + p[i + 48] * COS_6 + 2048) >> 12,
    (p[i + 16] * COS_6 - p[i + 48] * SIN_6 + 2048) >> 12,
    (HALF_ROOT_2 * (p[i + 8] - p[i + 56]) + 2048) >> 12,
    (HALF_ROOT_2 * (p[i + 8] + p[i + 56]) + 2048) >> 12,
    p[i + 24],
    p[i + 40],
  );
}

/**
 * The stages that rows and columns share.
 *
 * @param zero, four the coefficients of these numbers, scaled
 * @param two, six what the rotation made of them
 * @param difference, sum of the first and the seventh
 */
function combine(
  i: number,
  step: number,
  zero: number,
  four: number,
  two: number,
  six: number,
  difference: number,
  sum: number,
  three: number,
  five: number,
): void {
  const even = (zero + four + 1) >> 1;
  const odd = (zero - four + 1) >> 1;
  const a0 = (even + two + 1) >> 1;
  const a3 = (even - two + 1) >> 1;
  const a1 = (odd + six + 1) >> 1;
  const a2 = (odd - six + 1) >> 1;
  const b4 = (difference + five + 1) >> 1;
  const b6 = (difference - five + 1) >> 1;
  const b7 = (sum + three + 1) >> 1;
  const b5 = (sum - three + 1) >> 1;
  const c7 = (b4 * SIN_3 + b7 * COS_3 + 2048) >> 12;
  const c4 = (b4 * COS_3 - b7 * SIN_3 + 2048) >> 12;
  const c6 = (b5 * SIN_1 + b6 * COS_1 + 2048) >> 12;
  const c5 = (b5 * COS_1 - b6 * SIN_1 + 2048) >> 12;
  const p = values;
  p[i] = a0 + c7;
  p[i + step] = a1 + c6;
  p[i + 2 * step] = a2 + c5;
  p[i + 3 * step] = a3 + c4;
  p[i + 4 * step] = a3 - c4;
  p[i + 5 * step] = a2 - c5;
  p[i + 6 * step] = a1 - c6;
  p[i + 7 * step] = a0 - c7;
}
