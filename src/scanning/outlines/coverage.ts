import type {Point} from '../types.ts';

/** Sub-rows per pixel; within a row the coverage is exact. */
const SUBROWS = 4;

/**
 * The share of each pixel that a closed outline covers, 0 to 1, by the even-odd rule.
 *
 * @param outline in pixels; pixel (x, y) covers x to x + 1 and y to y + 1
 */
export function coverageOf(outline: readonly Point[], width: number, height: number): Float32Array {
  const out = new Float32Array(width * height);
  const crossings: number[][] = Array.from({length: height * SUBROWS}, () => []);
  for (let i = 0; i < outline.length; i++) {
    const [ax, ay] = outline[i];
    const [bx, by] = outline[(i + 1) % outline.length];
    const [top, bottom] = ay < by ? [ay, by] : [by, ay];
    const first = Math.max(0, Math.ceil(top * SUBROWS - 0.5));
    const end = Math.min(crossings.length, Math.ceil(bottom * SUBROWS - 0.5));
    const slope = (bx - ax) / (by - ay);
    for (let sub = first; sub < end; sub++) crossings[sub].push(ax + ((sub + 0.5) / SUBROWS - ay) * slope);
  }
  crossings.forEach((row, sub) => {
    row.sort((a, b) => a - b);
    const base = Math.floor(sub / SUBROWS) * width;
    for (let k = 0; k + 1 < row.length; k += 2) {
      const from = Math.max(0, row[k]);
      const to = Math.min(width, row[k + 1]);
      for (let x = Math.floor(from); x < to; x++)
        out[base + x] += Math.max(0, Math.min(to, x + 1) - Math.max(from, x)) / SUBROWS;
    }
  });
  return out;
}
