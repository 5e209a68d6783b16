/** Outlines cut out of the magnified middle of a grain, so that they show only its surface. */
import type {WindowSize} from '../../../image/window/canvas.ts';
import type {Random} from '../../random.ts';
import type {Extent, Shape} from './shape.ts';

interface Outline {
  /** The radius at each angle; a circle has 1 everywhere. */
  radiusAt: (angle: number) => number;
  /** Largest change of the radius per radian. */
  steepest: number;
}

/** Number of angles at which radii are tabulated: enough to classify nearly all points. */
const SECTORS = 256;
/** Larger than the rounding error of a radius. */
const MARGIN = 1e-9;

/** A crumb, a leaf or a pebble: a circle or an ellipse with a wavy outline. */
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
  return cutOut(half, size, random, {
    radiusAt,
    steepest: waves.reduce((sum, {count, height}) => sum + count * height, 0),
  });
}

/** A polygon of three to six corners, or a star. */
export function angular(half: Extent, size: WindowSize, random: Random): Shape {
  const corners = 3 + random.below(4);
  const turn = random.uniform(0, 2 * Math.PI);
  const star = random.chance(0.25) ? random.uniform(0.4, 0.7) : 1;
  const wedge = Math.PI / corners;
  const radiusAt = (angle: number) => {
    const from = Math.abs(((((angle + turn) % (2 * wedge)) + 2 * wedge) % (2 * wedge)) - wedge);
    // Between two corners of a star (at the sides of a wedge) the outline passes through an inner point.
    return star < 1 ? 1 - (1 - star) * (1 - from / wedge) : Math.cos(wedge) / Math.cos(from);
  };
  return cutOut(half, size, random, {radiusAt, steepest: star < 1 ? (1 - star) / wedge : Math.tan(wedge)});
}

function cutOut({y: halfWidth}: Extent, size: WindowSize, random: Random, outline: Outline): Shape {
  const largest = Math.min(size.height, 1.5 * halfWidth);
  const across = random.uniform(0.5, 1) * largest;
  const along = across * random.uniform(1, 2.6);
  const contains = containsOf(outline);
  return {
    mappings: [
      (xs, y, sources) => {
        for (let i = 0; i < xs.length; i++) sources.x[i] = (0.5 * halfWidth * xs[i]) / along;
        sources.y.fill((0.5 * halfWidth * y) / across);
      },
    ],
    inside: (x, y) => contains(x / along, y / across),
  };
}

/** Whether a point is inside an outline. The angle is computed only for points near the outline. */
function containsOf({radiusAt, steepest}: Outline): (u: number, v: number) => boolean {
  const sector = (2 * Math.PI) / SECTORS;
  const slack = (steepest * sector) / 2 + MARGIN;
  const radii = Float64Array.from({length: SECTORS}, (_, i) => radiusAt((i + 0.5) * sector - Math.PI));
  const squares = (by: number) => radii.map((radius) => Math.max(0, radius + by) ** 2);
  const inner = squares(-slack);
  const outer = squares(slack);
  const innermost = Math.min(...inner);
  const outermost = Math.max(...outer);
  return (u, v) => {
    const square = u * u + v * v;
    if (square < innermost) return true;
    if (square > outermost) return false;
    const angle = Math.atan2(v, u);
    const at = Math.min(SECTORS - 1, Math.floor((angle + Math.PI) / sector));
    if (square < inner[at]) return true;
    return square < outer[at] && Math.hypot(u, v) < radiusAt(angle);
  };
}
