import type {Frame} from '../../../image/frame.ts';
import type {Point} from '../../types.ts';

type Rgb = [number, number, number];

/** The color at a point between pixels, bilinear; the border goes on outside. */
export function colorAt({width, height, data}: Frame, x: number, y: number): Rgb {
  const px = Math.min(width - 1, Math.max(0, x - 0.5));
  const py = Math.min(height - 1, Math.max(0, y - 0.5));
  const [x0, y0] = [Math.min(width - 2, Math.floor(px)), Math.min(height - 2, Math.floor(py))];
  if (x0 < 0 || y0 < 0) return [data[0], data[1], data[2]];
  const [u, v] = [px - x0, py - y0];
  const [upper, lower] = [(y0 * width + x0) * 3, ((y0 + 1) * width + x0) * 3];
  const color: Rgb = [0, 0, 0];
  for (let c = 0; c < 3; c++) {
    const top = data[upper + c] * (1 - u) + data[upper + 3 + c] * u;
    color[c] = top * (1 - v) + (data[lower + c] * (1 - u) + data[lower + 3 + c] * u) * v;
  }
  return color;
}

/** Where samples of a profile lie. */
export interface ProfileLine {
  /** Its middle. */
  at: Point;
  /** Unit vector along it. */
  along: Point;
  /** Samples reach this far to both sides, in pixels. */
  reach: number;
  /** Distance of samples. */
  step: number;
  /** Each sample is the mean over this far to both sides across the profile. */
  breadth: number;
}

/** The colors along a line, `2 * ceil(reach / step) + 1` of them. */
export function colorProfile(picture: Frame, {at, along, reach, step, breadth}: ProfileLine): Rgb[] {
  const half = Math.ceil(reach / step);
  const [x0, y0] = at;
  const [ax, ay] = along;
  return Array.from({length: 2 * half + 1}, (_, i) => {
    const d = (i - half) * step;
    const sum: Rgb = [0, 0, 0];
    for (let side = -1; side <= 1; side++) {
      const color = colorAt(picture, x0 + d * ax - side * breadth * ay, y0 + d * ay + side * breadth * ax);
      for (let c = 0; c < 3; c++) sum[c] += color[c] / 3;
    }
    return sum;
  });
}

/** How strongly the color changes from `span` samples before each place to `span` after it, in levels; 0 near the ends. */
export function changes(profile: readonly Rgb[], span: number): Float64Array {
  return Float64Array.from(profile, (_, i) => {
    const [before, after] = [profile[i - span], profile[i + span]];
    return before && after ? Math.hypot(after[0] - before[0], after[1] - before[1], after[2] - before[2]) : 0;
  });
}

/**
 * Where a profile goes half of the way from the color on its one side to that on its other, nearest to its middle.
 *
 * @returns the distance from the middle in samples, and the contrast in levels; undefined where it never does
 */
export function halfwayPoint(profile: readonly Rgb[], sides: number): {offset: number; contrast: number} | undefined {
  const [start, end] = [meanColor(profile.slice(0, sides)), meanColor(profile.slice(-sides))];
  const direction = [end[0] - start[0], end[1] - start[1], end[2] - start[2]];
  const contrast = Math.hypot(...direction);
  if (!(contrast > 0)) return undefined;
  const shares = profile.map((color) => {
    let sum = 0;
    for (let c = 0; c < 3; c++) sum += (color[c] - start[c]) * direction[c];
    return sum / contrast ** 2 - 0.5;
  });
  const middle = (profile.length - 1) / 2;
  let best: number | undefined;
  for (let i = 0; i + 1 < shares.length; i++) {
    if (shares[i] > 0 || shares[i + 1] <= 0) continue;
    const offset = i + shares[i] / (shares[i] - shares[i + 1]) - middle;
    if (best === undefined || Math.abs(offset) < Math.abs(best)) best = offset;
  }
  return best === undefined ? undefined : {offset: best, contrast};
}

function meanColor(colors: readonly Rgb[]): Rgb {
  const sum: Rgb = [0, 0, 0];
  for (const color of colors) for (let c = 0; c < 3; c++) sum[c] += color[c] / colors.length;
  return sum;
}
