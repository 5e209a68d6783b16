/** Constants in units of 1 / 256. */
const [A_1082, A_1414, A_1848, A_2613] = [277, 362, 473, 669];

/** By which the transform expects each coefficient to be scaled, along one axis: sqrt(2) cos(k pi / 16), but 1 for k = 0. */
const SCALES = Array.from({length: 8}, (_, k) => (k === 0 ? 1 : Math.SQRT2 * Math.cos((k * Math.PI) / 16)));
/** Of both axes, in units of 1 / 16384. */
const SCALES_2D = Int32Array.from({length: 64}, (_, i) => Math.round(16_384 * SCALES[i >> 3] * SCALES[i & 7]));

const values = new Int32Array(64);

/** The steps of the coefficients with what the transform expects of them, in units of 1 / 4. */
export function scaledSteps(quantization: Uint16Array): Int32Array {
  return Int32Array.from(quantization, (step, i) => (step * SCALES_2D[i] + 2048) >> 12);
}

/**
 * The samples of a block from its coefficients: the inverse cosine transform of Arai, Agui and Nakajima ("A fast DCT-SQ scheme for
 * images", 1988) in whole numbers, first along columns, then along rows, rounded as libjpeg-turbo does in its fast transform
 * (jidctfst.c), which decodes pictures wherever it can be loaded: both give the same samples.
 *
 * @param at of the first of its 64 coefficients, in rows
 * @param steps as `scaledSteps` gives them
 * @param out where samples of 0 to 255 go: 8 rows, `stride` apart, from `to` on
 */
export function inverseTransform(
  coefficients: Int16Array,
  at: number,
  steps: Int32Array,
  out: Uint8Array,
  to: number,
  stride: number,
): void {
  for (let i = 0; i < 64; i++) values[i] = coefficients[at + i] * steps[i];
  for (let column = 0; column < 8; column++) transform(column, 8);
  for (let row = 0; row < 64; row += 8) transform(row, 1);
  for (let y = 0, i = 0, target = to; y < 8; y++, target += stride)
    for (let x = 0; x < 8; x++, i++) {
      const sample = 128 + (values[i] >> 5);
      out[target + x] = sample < 0 ? 0 : sample > 255 ? 255 : sample;
    }
}

/** One row or column, in place. */
function transform(i: number, step: number): void {
  const p = values;
  const [i1, i2, i3, i4] = [i + step, i + 2 * step, i + 3 * step, i + 4 * step];
  const [i5, i6, i7] = [i + 5 * step, i + 6 * step, i + 7 * step];
  if ((p[i1] | p[i2] | p[i3] | p[i4] | p[i5] | p[i6] | p[i7]) === 0) {
    p[i1] = p[i2] = p[i3] = p[i4] = p[i5] = p[i6] = p[i7] = p[i];
    return;
  }
  const sum04 = p[i] + p[i4];
  const difference04 = p[i] - p[i4];
  const sum26 = p[i2] + p[i6];
  const turned26 = (((p[i2] - p[i6]) * A_1414) >> 8) - sum26;
  const e0 = sum04 + sum26;
  const e3 = sum04 - sum26;
  const e1 = difference04 + turned26;
  const e2 = difference04 - turned26;

  const sum53 = p[i5] + p[i3];
  const difference53 = p[i5] - p[i3];
  const sum17 = p[i1] + p[i7];
  const difference17 = p[i1] - p[i7];
  const turned = ((difference53 + difference17) * A_1848) >> 8;
  const o7 = sum17 + sum53;
  const o6 = ((difference53 * -A_2613) >> 8) + turned - o7;
  const o5 = (((sum17 - sum53) * A_1414) >> 8) - o6;
  const o4 = ((difference17 * A_1082) >> 8) - turned + o5;

  p[i] = e0 + o7;
  p[i7] = e0 - o7;
  p[i1] = e1 + o6;
  p[i6] = e1 - o6;
  p[i2] = e2 + o5;
  p[i5] = e2 - o5;
  p[i4] = e3 + o4;
  p[i3] = e3 - o4;
}
