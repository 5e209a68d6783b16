/** Outlines that are cut out of the middle of a grain, magnified: what is seen within is nothing but its surface. */
import type {WindowSize} from '../../../image/canvas.ts';
import type {Random} from '../../random.ts';
import type {Extent, Shape} from './shape.ts';

/** The radius for each angle, between two bounds; a circle has 1 everywhere. */
interface Outline {
  radiusAt: (angle: number) => number;
  least: number;
  most: number;
}

/** Beyond a bound by this share, rounding does not matter. */
const MARGIN = 1e-9;

/** A crumb, a leaf, a pebble: an outline of waves around a circle or an ellipse. */
export function bumpy(half: Extent, size: WindowSize, random: Random): Shape {
  const waves = Array.from({length: 5}, (_, i) => ({
    count: i + 2,
    height: random.uniform(0, 0.5 / (i + 2)) + (i === 1 ? 0.08 : 0),
    phase: random.uniform(0, 2 * Math.PI),
  }));
  const radiusAt = (angle: number) => {
    let radius = 1;
    for (const {count, height, phase} of waves) radius += height * Math.cos(count * angle + phase);
    return radius;
  };
  const heights = waves.reduce((sum, {height}) => sum + height, 0);
  return cutOut(half, size, random, {radiusAt, least: 1 - heights, most: 1 + heights});
}

/** A polygon of three to six corners, or a star. */
export function angular(half: Extent, size: WindowSize, random: Random): Shape {
  const corners = 3 + random.below(4);
  const turn = random.uniform(0, 2 * Math.PI);
  const star = random.chance(0.25) ? random.uniform(0.4, 0.7) : 1;
  const wedge = Math.PI / corners;
  const radiusAt = (angle: number) => {
    const from = Math.abs(((((angle + turn) % (2 * wedge)) + 2 * wedge) % (2 * wedge)) - wedge);
    // In a star the way from a corner (at a wedge's side) to the next leads over a point nearer to the middle.
    return star < 1 ? 1 - (1 - star) * (1 - from / wedge) : Math.cos(wedge) / Math.cos(from);
  };
  return cutOut(half, size, random, {radiusAt, least: star < 1 ? star : Math.cos(wedge), most: 1});
}

function cutOut({y: halfWidth}: Extent, size: WindowSize, random: Random, {radiusAt, least, most}: Outline): Shape {
  const largest = Math.min(size.height, 1.5 * halfWidth);
  const across = random.uniform(0.5, 1) * largest;
  const along = across * random.uniform(1, 2.6);
  // Most points are told by these alone, without an angle.
  const surelyInside = (least * (1 - MARGIN)) ** 2;
  const surelyOutside = (most * (1 + MARGIN)) ** 2;
  return {
    mappings: [
      (x, y, source) => {
        source[0] = (0.5 * halfWidth * x) / along;
        source[1] = (0.5 * halfWidth * y) / across;
      },
    ],
    inside: (x, y) => {
      const u = x / along;
      const v = y / across;
      const square = u * u + v * v;
      if (square < surelyInside) return true;
      return square < surelyOutside && Math.hypot(u, v) < radiusAt(Math.atan2(v, u));
    },
  };
}
