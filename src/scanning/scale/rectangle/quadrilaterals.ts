import type {Outline, Point} from '../../types.ts';
import {intersection} from '../geometry/line.ts';
import {boxOf, isConvex, signedArea} from '../geometry/polygon.ts';
import {type SeenLine, shareSeen} from './lines.ts';

/** Four corners, and how much of the sides between them is seen. */
export interface Quadrilateral {
  corners: Outline;
  /** 0 to 1; less where the sides go on beyond the corners. */
  score: number;
}

/** Opposite sides differ by less than this in direction, as a sine: a sheet at 35 degrees. */
const OPPOSITE = 0.5;
/** Sides that meet differ by more. */
const ADJACENT = 0.6;
/** Of each side, so much is seen at least; grains may lie on it, and corners may be round. */
const LEAST_SIDE = 0.45;
const LEAST_SCORE = 0.55;
const MOST = 400;

/** Quadrilaterals whose sides are straight edges, the best first. @param least shortest side in pixels */
export function findQuadrilaterals(
  lines: readonly SeenLine[],
  width: number,
  height: number,
  least: number,
): Quadrilateral[] {
  const pairs: [SeenLine, SeenLine][] = [];
  for (const [i, one] of lines.entries())
    for (const other of lines.slice(i + 1))
      if (Math.abs(one.nx * other.ny - one.ny * other.nx) < OPPOSITE && areApart(one, other, width, height, least))
        pairs.push([one, other]);
  const found: Quadrilateral[] = [];
  for (const [i, [a, b]] of pairs.entries())
    for (let k = i + 1; k < pairs.length; k++) {
      const [c, d] = pairs[k];
      if (Math.abs(a.nx * c.ny - a.ny * c.nx) < ADJACENT) continue;
      const quadrilateral = quadrilateralOf([a, c, b, d], width, height, least);
      if (quadrilateral) found.push(quadrilateral);
    }
  return found.sort((one, other) => other.score - one.score).slice(0, MOST);
}

/** Cheap: two lines that are near each other on both borders of the picture are no two sides. */
function areApart(one: SeenLine, other: SeenLine, width: number, height: number, least: number): boolean {
  const sign = Math.sign(one.nx * other.nx + one.ny * other.ny);
  const apart = ([x, y]: Point) =>
    Math.abs(one.nx * x + one.ny * y - one.c - sign * (other.nx * x + other.ny * y - other.c));
  return Math.max(apart([0, 0]), apart([width, 0]), apart([0, height]), apart([width, height])) > least;
}

function quadrilateralOf(
  sides: readonly SeenLine[],
  width: number,
  height: number,
  least: number,
): Quadrilateral | undefined {
  const corners: Point[] = [];
  for (const [i, side] of sides.entries()) {
    const corner = intersection(side, sides[(i + 1) % 4]);
    if (!corner) return undefined;
    const [x, y] = corner;
    if (x < -0.01 * width || y < -0.01 * height || x > 1.01 * width || y > 1.01 * height) return undefined;
    corners.push(corner);
  }
  let [sum, beyond] = [0, 0];
  for (const [i, side] of sides.entries()) {
    const [from, to] = [corners[(i + 3) % 4], corners[i]];
    if (Math.hypot(to[0] - from[0], to[1] - from[1]) < least) return undefined;
    const seen = shareSeen(side, between(from, to, 0.08), between(from, to, 0.92));
    if (seen < LEAST_SIDE) return undefined;
    sum += seen / 4;
    const outside = [
      shareSeen(side, between(from, to, -0.15), between(from, to, -0.02)),
      shareSeen(side, between(from, to, 1.02), between(from, to, 1.15)),
    ];
    beyond += (outside[0] + outside[1]) / 8;
  }
  const score = sum - 0.5 * beyond;
  return score >= LEAST_SCORE && isConvex(corners) ? {corners, score} : undefined;
}

export function between([x0, y0]: Point, [x1, y1]: Point, share: number): Point {
  return [x0 + share * (x1 - x0), y0 + share * (y1 - y0)];
}

/** Where a quadrilateral lies, for people. */
export function describeQuadrilateral(corners: Outline): string {
  const {x, y, width, height} = boxOf(corners);
  const area = Math.sqrt(Math.abs(signedArea(corners)) / 2);
  return `around (${Math.round(x + width / 2)}, ${Math.round(y + height / 2)}), ${Math.round(area)} pixels across`;
}
