import {type Ground, groundAt} from '../foreground/ground.ts';
import {type LabeledGrain, memory, NOT_OWN, type Part} from './part.ts';

/** A pixel belongs to the grain from this share of the contrast of its paler parts on. */
const HALF = 0.5;
const PALER = 0.3;
/** So many pixels of a part are enough for a quantile. */
const INNER_SAMPLE = 4096;

export type CornerColors = ReturnType<typeof corners>;

/** The ground's color at the part's four corners; linear between them. */
export function corners({left, top, step, width, height}: Part, ground: Ground, factor: number) {
  const at = (x: number, y: number) => groundAt(ground, x / factor, y / factor);
  return [
    at(left, top),
    at(left + width * step, top),
    at(left, top + height * step),
    at(left + width * step, top + height * step),
  ] as const;
}

/** The inverse covariance of the ground at the grain. */
export function metricAt(
  {tile, columns, rows, metrics}: Ground,
  {left, top, right, bottom}: LabeledGrain,
): Float32Array {
  const column = Math.min(columns - 1, Math.floor((left + right) / 2 / tile));
  const row = Math.min(rows - 1, Math.floor((top + bottom) / 2 / tile));
  return metrics.subarray((row * columns + column) * 6, (row * columns + column) * 6 + 6);
}

/**
 * A field that is positive inside the grain: the share of the grain's contrast along the direction that separates it best
 * from the ground (Fisher's discriminant), above half of that of the grain's paler parts.
 */
export function contrastField(
  colors: Float32Array,
  owned: Float32Array,
  [nw, ne, sw, se]: CornerColors,
  {width, height}: Part,
  m: Float32Array,
): {field: Float32Array; share: Float32Array} | undefined {
  const rest = memory('rest', colors.length);
  let count = 0;
  let [red, green, blue] = [0, 0, 0];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      if (owned[i] <= NOT_OWN) continue;
      const u = (x + 0.5) / width;
      const v = (y + 0.5) / height;
      for (let c = 0; c < 3; c++)
        rest[i * 3 + c] =
          colors[i * 3 + c] - (nw[c] * (1 - u) + ne[c] * u) * (1 - v) - (sw[c] * (1 - u) + se[c] * u) * v;
      if (owned[i] < 1) continue;
      const [r, g, b] = [rest[i * 3], rest[i * 3 + 1], rest[i * 3 + 2]];
      // What is far from the ground counts more: the ring of ground around the grain is among its own.
      const weight = m[0] * r * r + m[1] * g * g + m[2] * b * b + 2 * (m[3] * r * g + m[4] * r * b + m[5] * g * b);
      count += weight;
      red += weight * r;
      green += weight * g;
      blue += weight * b;
    }
  if (!(count > 0)) return undefined;
  red /= count;
  green /= count;
  blue /= count;
  let wr = m[0] * red + m[3] * green + m[4] * blue;
  let wg = m[3] * red + m[1] * green + m[5] * blue;
  let wb = m[4] * red + m[5] * green + m[2] * blue;
  const norm = wr * red + wg * green + wb * blue;
  if (!(norm > 0)) return undefined;
  wr /= norm;
  wg /= norm;
  wb /= norm;
  const field = memory('field', width * height);
  const inner = memory('inner', width * height);
  let innerCount = 0;
  const stride = Math.max(1, Math.floor((width * height) / INNER_SAMPLE));
  let turn = 0;
  for (let i = 0; i < field.length; i++) {
    if (owned[i] <= NOT_OWN) {
      field[i] = 0;
      continue;
    }
    field[i] = rest[i * 3] * wr + rest[i * 3 + 1] * wg + rest[i * 3 + 2] * wb;
    if (owned[i] === 1 && field[i] > HALF && turn++ % stride === 0) inner[innerCount++] = field[i];
  }
  if (innerCount === 0) return undefined;
  const threshold = HALF * inner.subarray(0, innerCount).sort()[Math.floor(PALER * innerCount)];
  const share = memory('share', field.length);
  share.set(field);
  for (let i = 0; i < field.length; i++) field[i] = Math.min(field[i] / threshold - 1, owned[i]);
  return {field, share};
}
