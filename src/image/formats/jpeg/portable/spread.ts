import {KEPT_UNIT_ROWS, mostFactors, type Plane} from './plane.ts';

/** Gives a row of samples for a row of the picture, as wide as this. */
type RowSource = (y: number) => Uint8Array;

/**
 * Spreads a color that is stored coarser than others over the pixels, as libjpeg does (jdsample.c): of twice the finest size by a
 * triangle filter, where a sample counts three times as much as its neighbor; of others by repeating it.
 */
export function spreader(plane: Plane, planes: readonly Plane[], width: number): RowSource {
  const [mostH, mostV] = mostFactors(planes);
  const across = mostH / plane.h;
  const down = mostV / plane.v;
  const rowOf = rowsOf(plane);
  const wide = new Uint8Array(2 * plane.width);
  // As libjpeg: a filter needs three samples.
  const smooth = across === 2 && plane.width > 2;
  if (across === 1 && down === 1) return rowOf;
  if (smooth && down === 1) return (y) => doubled(rowOf(y), plane.width, wide);
  if (across === 1 && down === 2)
    return (y) => {
      const near = rowOf(y >> 1);
      const far = rowOf((y >> 1) + (y & 1 ? 1 : -1));
      const bias = y & 1 ? 2 : 1;
      for (let x = 0; x < plane.width; x++) wide[x] = (near[x] * 3 + far[x] + bias) >> 2;
      return wide;
    };
  if (smooth && down === 2) {
    const sums = new Int32Array(plane.width);
    return (y) => {
      const near = rowOf(y >> 1);
      const far = rowOf((y >> 1) + (y & 1 ? 1 : -1));
      for (let x = 0; x < plane.width; x++) sums[x] = near[x] * 3 + far[x];
      return doubledSums(sums, wide);
    };
  }
  return repeated(plane, mostH, mostV, width);
}

/** A row of a color's own samples; that at the border where there is none. */
function rowsOf({samples, stride, v, height}: Plane): RowSource {
  const length = stride * 8;
  const kept = KEPT_UNIT_ROWS * v * 8;
  return (row) => {
    const start = (Math.min(height - 1, Math.max(0, row)) % kept) * length;
    return samples.subarray(start, start + length);
  };
}

function doubled(row: Uint8Array, count: number, wide: Uint8Array): Uint8Array {
  for (let x = 0; x < count; x++) {
    wide[2 * x] = (row[x] * 3 + row[x - 1] + 1) >> 2;
    wide[2 * x + 1] = (row[x] * 3 + row[x + 1] + 2) >> 2;
  }
  wide[0] = row[0];
  wide[2 * count - 1] = row[count - 1];
  return wide;
}

/** The same for sums of four. */
function doubledSums(sums: Int32Array, wide: Uint8Array): Uint8Array {
  const last = sums.length - 1;
  for (let x = 0; x <= last; x++) {
    wide[2 * x] = (sums[x] * 3 + sums[x - 1] + 8) >> 4;
    wide[2 * x + 1] = (sums[x] * 3 + sums[x + 1] + 7) >> 4;
  }
  wide[0] = (sums[0] * 4 + 8) >> 4;
  wide[2 * last + 1] = (sums[last] * 4 + 7) >> 4;
  return wide;
}

function repeated(plane: Plane, mostH: number, mostV: number, width: number): RowSource {
  const rowOf = rowsOf(plane);
  const wide = new Uint8Array(width);
  const places = Int32Array.from({length: width}, (_, x) => Math.floor((x * plane.h) / mostH));
  return (y) => {
    const row = rowOf(Math.floor((y * plane.v) / mostV));
    for (let x = 0; x < width; x++) wide[x] = row[places[x]];
    return wide;
  };
}
