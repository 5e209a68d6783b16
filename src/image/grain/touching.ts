import {RUN, type Runs} from './components.ts';
import {baysOf, type Hull, hullArea, hullOf} from './hull.ts';
import type {Moments} from './moments.ts';
import {axesOf, distancesWithin, type Part, partsOf, STRAIGHT} from './parts.ts';
import type {SolidShape} from './shape.ts';

/** What fills the ellipse with its moments so far is one grain; two that touch fill at most 0.9 of theirs. */
const SINGLE_FILL = 0.93;
/** A single grain, even a curved or broken one, fills at least this share of its convex hull. */
const MIN_SOLIDITY = 0.9;
/** The least width and area of a grain, in those of the widest and largest one. */
const MIN_WIDTH = 0.6;
const MIN_AREA = 0.3;
/** What is too small to be a grain covers at most this share of the whole. */
const MAX_REST = 0.1;
/** A grain is at least this many times as long as wide, and fills this share of the ellipse with its moments. */
const MIN_ELONGATION = 1.4;
const MIN_FILL = 0.955;
/** Bays between the ends of grains that lie across each other: their number, and their areas in squares of a grain's width. */
const MIN_BAYS = 4;
const MIN_BAY = 0.06;
const MAX_BAY = 1.2;
/** The area of several grains, in squares of their width; or grains around a hole cover this share of all at most. */
const MIN_PILE = 6;
const MAX_AROUND = 0.95;
/** A ring of grains without bays has a large hole, unlike a button. */
const MAX_RING = 0.8;

/**
 * How many grains a shape is made of that touch each other: 1 for a shape without deep bays, and where not all of its parts, which
 * hang together by necks, look like grains. Grains that lie side by side may count as one.
 *
 * @param moments of the shape without its holes
 */
export function countTouching(shape: SolidShape, moments: Moments): number {
  const {width, height, spans, open} = shape;
  const solid = open === spans ? 1 : areaOf(open) / moments.area;
  // Nearly all pictures end here.
  if (solid > MAX_AROUND && moments.area >= SINGLE_FILL * (Math.PI / 4) * moments.length * moments.width) return 1;
  const hull = hullOf(spans);
  if (solid > MAX_RING && moments.area >= MIN_SOLIDITY * hullArea(hull)) return 1;
  // Holes tell apart the grains around them.
  const parts = partsOf(width, distancesWithin(width, height, open));
  const widest = Math.max(...parts.map(({peak}) => peak));
  const largest = Math.max(...parts.map(({area}) => area));
  const grains = parts.filter(({peak, area}) => peak >= MIN_WIDTH * widest && area >= MIN_AREA * largest);
  const rest = parts.reduce((sum, part) => sum + (grains.includes(part) ? 0 : part.area), 0);
  if (grains.length > 1 && rest <= MAX_REST * areaOf(open) && grains.every(isGrainLike)) return grains.length;
  return countAcross(shape, hull, (2 * widest) / STRAIGHT);
}

/**
 * How many grains lie across each other, which no neck tells apart: their ends stand out all around, with a small bay between
 * each two. 1 where that is not so: long or few bays are between the legs of an insect, or the strokes of a letter.
 *
 * @param width of a grain, in cells
 */
function countAcross({spans, open}: SolidShape, hull: Hull, width: number): number {
  const square = width * width;
  const bays = baysOf(spans, hull).filter((area) => area >= MIN_BAY * square);
  const large = areaOf(open) >= MIN_PILE * square || areaOf(open) <= MAX_AROUND * areaOf(spans);
  return large && bays.length >= MIN_BAYS && Math.max(...bays) <= MAX_BAY * square ? bays.length : 1;
}

function areaOf(spans: Runs): number {
  let area = 0;
  for (let i = 0; i < spans.length; i += RUN) area += spans[i + 2] - spans[i + 1];
  return area;
}

/** Whether a part is about an ellipse, longer than wide. */
function isGrainLike(part: Part): boolean {
  const {area, length, width} = axesOf(part);
  return length >= MIN_ELONGATION * width && area >= MIN_FILL * (Math.PI / 4) * length * width;
}
