import type {Moments} from '../../moments.ts';

/** Lines from the middle line of a grain outwards, in their order around it. They never meet, whatever their length. */
export interface Rays {
  count: number;
  /** Where each begins, in cells. */
  x: Float64Array;
  y: Float64Array;
  /** Its direction, of length 1. */
  dx: Float64Array;
  dy: Float64Array;
}

/** Cells between rays along a side, and most rays on one. */
const SPACING = 1.5;
const MOST_ON_SIDE = 48;
/** Rays around each end. */
const AROUND_END = 24;
/** Of which every so many are enough for a first look. */
const COARSE = 2;

/**
 * Rays at right angles to the long axis along both sides, and in a half circle around each end of the middle line.
 *
 * @param fromTip how far that stays away from the tips, in half widths
 * @param coarse whether half of the rays are enough
 */
export function raysAround({x, y, length, width, cos, sin}: Moments, fromTip: number, coarse = false): Rays {
  const half = Math.max(0, (length - fromTip * width) / 2);
  const spacing = coarse ? COARSE * SPACING : SPACING;
  const onSide = Math.max(1, Math.min(MOST_ON_SIDE, Math.round((2 * half) / spacing)));
  const around = coarse ? COARSE_HALF_CIRCLE : HALF_CIRCLE;
  const count = 2 * (onSide + around.length);
  const lines = () => new Float64Array(count);
  const rays: Rays = {count, x: lines(), y: lines(), dx: lines(), dy: lines()};
  let ray = 0;
  const add = (along: number, outward: number, aside: number) => {
    rays.x[ray] = x + along * cos;
    rays.y[ray] = y + along * sin;
    rays.dx[ray] = outward * cos - aside * sin;
    rays.dy[ray] = outward * sin + aside * cos;
    ray++;
  };
  for (const side of [1, -1]) {
    for (let i = 0; i < onSide; i++) add(side * half * ((2 * i + 1) / onSide - 1), 0, side);
    for (const [outward, aside] of around) add(side * half, side * outward, side * aside);
  }
  return rays;
}

/** Directions from one side over the tip to the other. */
const HALF_CIRCLE = halfCircle(AROUND_END);
const COARSE_HALF_CIRCLE = halfCircle(AROUND_END / COARSE);

function halfCircle(count: number): [outward: number, aside: number][] {
  return Array.from({length: count}, (_, i) => directionAt((2 * i + 1) / count - 1));
}

/**
 * Cosine and sine of 90 (-1) to -90 degrees (1), to a tenth of a degree, by the tangent of half the angle: in arithmetic
 * that is the same on every machine.
 */
function directionAt(place: number): [outward: number, aside: number] {
  const square = place * place;
  const tangent = place * (0.7854 + square * (0.1615 + 0.0531 * square));
  return [(1 - tangent * tangent) / (1 + tangent * tangent), (-2 * tangent) / (1 + tangent * tangent)];
}
