import type {WindowMap} from '../spread-map.ts';

/** Standard deviation as a share of the window's shorter side: finer than that, a map shows single pixels' chances. */
const SHARE = 1 / 28;
/** So many means of boxes are nearly a Gaussian. */
const PASSES = 3;

/** A map whose numbers are spread over their surroundings, for the eye; the sum stays but for what leaves the window. */
export function smoothMap({width, height, values}: WindowMap): WindowMap {
  const deviation = Math.min(width, height) * SHARE;
  // The variance of a box of 2 r + 1 is r (r + 1) / 3.
  const radius = Math.max(1, Math.round((Math.sqrt(1 + (12 * deviation ** 2) / PASSES) - 1) / 2));
  let smooth: Float64Array = values;
  for (let pass = 0; pass < PASSES; pass++) {
    smooth = meanOfBoxes(smooth, width, height, 1, width, radius);
    smooth = meanOfBoxes(smooth, height, width, width, 1, radius);
  }
  return {width, height, values: smooth};
}

/** Along lines of `length` numbers, `step` apart; `lines` of them, `next` apart. */
function meanOfBoxes(
  values: Float64Array,
  length: number,
  lines: number,
  step: number,
  next: number,
  radius: number,
): Float64Array {
  const out = new Float64Array(values.length);
  for (let line = 0; line < lines; line++) {
    const start = line * next;
    let sum = 0;
    for (let i = 0; i < Math.min(radius, length); i++) sum += values[start + i * step];
    for (let i = 0; i < length; i++) {
      if (i + radius < length) sum += values[start + (i + radius) * step];
      if (i - radius > 0) sum -= values[start + (i - radius - 1) * step];
      out[start + i * step] = sum / (2 * radius + 1);
    }
  }
  return out;
}
