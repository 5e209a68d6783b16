import type {MeasuredGrain} from '../types.ts';

/** How far from its tip an end's width is measured, as a share of the grain's width. */
const DEPTH = 0.25;
/** From this end width on, an end was cut. */
const CUT_FROM = 0.86;

/**
 * A short piece is wider than long, so that its cut is a side. Then that side is as long as the piece, and the other one is
 * rounded. Of 100 whole grains 99 have sides that differ by at most 0.28, as one is flatter by nature.
 */
const SIDE_CUT_FROM = 0.95;
const SIDES_DIFFER_FROM = 0.28;
/** What is more slender than that is no piece that is wider than long. */
const PIECE_BELOW = 2.5;

type Shape = Pick<MeasuredGrain, 'outline' | 'angle'>;

/**
 * Width of the blunter end as a share of the grain's width: the largest extent across the long axis within a quarter of the
 * width from the tip. An ellipse of ratio 2 has 0.66, a cut across the axis 1. On pictures of single whole grains 99 of 100
 * stay below 0.86, from slender Basmati (0.80) to round Karacadag (0.85); of grains cut across, by up to 30 degrees off, 70
 * to 90 of 100 are above.
 *
 * @returns undefined for an outline of fewer than eight points
 */
export function endWidth(shape: Shape): number | undefined {
  const sides = measureSides(shape);
  return sides && blunter(sides.along, sides.across, sides.width) / sides.width;
}

/** The same of both ends: of the one towards the angle of the long axis, and of the other. */
export function endWidths(shape: Shape): [number, number] | undefined {
  const sides = measureSides(shape);
  if (!sides) return undefined;
  const [one, other] = endsOf(sides.along, sides.across, sides.width);
  return [one / sides.width, other / sides.width];
}

/**
 * Where a grain was cut: across its long axis at an `end`, or, as a piece that is wider than long, along its long `side`;
 * undefined where the outline says nothing.
 */
export function findCut(shape: Shape): 'end' | 'side' | 'none' | undefined {
  const sides = measureSides(shape);
  if (!sides) return undefined;
  const {along, across, length, width} = sides;
  if (blunter(along, across, width) >= CUT_FROM * width) return 'end';
  const [one, other] = endsOf(across, along, width);
  const isSide =
    length < PIECE_BELOW * width &&
    Math.max(one, other) >= SIDE_CUT_FROM * length &&
    Math.abs(one - other) >= SIDES_DIFFER_FROM * length;
  return isSide ? 'side' : 'none';
}

/** The outline turned so that the long axis is level. */
function measureSides({outline, angle}: Shape) {
  if (outline.length < 8) return undefined;
  const [cos, sin] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
  const along = new Float64Array(outline.length);
  const across = new Float64Array(outline.length);
  for (let i = 0; i < outline.length; i++) {
    const point = outline[i];
    along[i] = point[0] * cos + point[1] * sin;
    across[i] = point[1] * cos - point[0] * sin;
  }
  const [length, width] = [largest(along) + largest(along, -1), largest(across) + largest(across, -1)];
  return width > 0 ? {along, across, length, width} : undefined;
}

/** Of the two ends along an axis, the larger extent across it. */
function blunter(along: Float64Array, across: Float64Array, width: number): number {
  return Math.max(...endsOf(along, across, width));
}

/** Of the two ends along an axis, the extent across it. */
function endsOf(along: Float64Array, across: Float64Array, width: number): [number, number] {
  return [
    extentBeyond(along, across, 1, largest(along) - DEPTH * width),
    extentBeyond(along, across, -1, largest(along, -1) - DEPTH * width),
  ];
}

/** Extent across of the outline beyond `from` along; where it crosses that line, its edges are cut there. */
function extentBeyond(along: Float64Array, across: Float64Array, side: 1 | -1, from: number): number {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < along.length; i++) {
    const next = i + 1 === along.length ? 0 : i + 1;
    const here = side * along[i] - from;
    const there = side * along[next] - from;
    if (here >= 0) {
      low = Math.min(low, across[i]);
      high = Math.max(high, across[i]);
    }
    if (here < 0 !== there < 0) {
      const at = across[i] + (here / (here - there)) * (across[next] - across[i]);
      low = Math.min(low, at);
      high = Math.max(high, at);
    }
  }
  return Math.max(0, high - low);
}

/** The largest value; of the negated ones for the side -1. */
function largest(values: Float64Array, side: 1 | -1 = 1): number {
  let most = Number.NEGATIVE_INFINITY;
  for (const value of values) most = Math.max(most, side * value);
  return most;
}
