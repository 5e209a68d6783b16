import {RUN, type Runs} from './components.ts';

/** What stands out from the background of a picture. */
export interface Things {
  /** What reaches in from the border, such as a ruler: the first run of each. All else is said of the rest. */
  reachingIn: number[];
  /** The first run of the largest of them, which is taken for the grain; undefined if all reach in. */
  main: number | undefined;
  /** How many there are if several of them are like grains, otherwise 1. */
  objects: number;
  /** How many others there are if not: writing, a coin, a crumb. */
  others: number;
}

/** What lies along so much of a border of the picture is a ruler, a sheet or the edge of the table, and no grain. */
const MIN_ALONG = 0.8;
/** The same for less of it, if its other side is as straight but for this share: a ruler that ends within the picture. */
const MIN_PARTLY_ALONG = 0.4;
const MIN_STRAIGHT = 0.6;
/** A grain has at least this share of the area of the largest thing, and is at least so many times as long as wide. */
const MIN_SHARE = 0.25;
const MIN_ELONGATION = 1.2;
/** Grains, also two or three that touch, fill at least so much of the ellipse with their moments; letters do not. */
const MIN_FILL = 0.6;

/**
 * Tells grains from other things by their shapes, and both from what reaches in from the border.
 *
 * @param runs of all that stands out
 * @param roots for each run the first run of its component
 * @param least smaller components do not count
 * @param grid its size in cells
 */
export function thingsIn(runs: Runs, roots: Int32Array, least: number, grid: {width: number; height: number}): Things {
  const all = [...measure(runs, roots, grid)].filter(([, {area}]) => area >= least);
  const beyond = all.filter(([root, thing]) => reachesIn(thing, grid) || isPartOfRuler(root, thing, runs, roots, grid));
  const reachingIn = beyond.map(([root]) => root);
  const within = all.filter(([root]) => !reachingIn.includes(root));
  const largest = Math.max(0, ...within.map(([, {area}]) => area));
  const main = within.find(([, {area}]) => area === largest)?.[0];
  const grains = within.filter(([, thing]) => isGrainLike(thing, largest)).length;
  const rest = Math.max(0, within.length - 1);
  return grains > 1
    ? {reachingIn, main, objects: within.length, others: 0}
    : {reachingIn, main, objects: 1, others: rest};
}

/** Sums over the cells of a component, and how many of them lie on each border. */
interface Thing {
  area: number;
  x: number;
  y: number;
  xx: number;
  yy: number;
  xy: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
  /** Its box, the ends included. */
  box: [left: number, top: number, right: number, bottom: number];
}

function measure(runs: Runs, roots: Int32Array, {width, height}: {width: number; height: number}): Map<number, Thing> {
  const found = new Map<number, Thing>();
  for (let i = 0; i < roots.length; i++) {
    const [y, start, end] = [runs[i * RUN], runs[i * RUN + 1], runs[i * RUN + 2]];
    const thing = found.get(roots[i]) ?? {
      box: [start, y, end - 1, y],
      area: 0,
      x: 0,
      y: 0,
      xx: 0,
      yy: 0,
      xy: 0,
      left: 0,
      right: 0,
      top: 0,
      bottom: 0,
    };
    found.set(roots[i], thing);
    for (let x = start; x < end; x++) {
      thing.x += x;
      thing.y += y;
      thing.xx += x * x;
      thing.yy += y * y;
      thing.xy += x * y;
    }
    thing.area += end - start;
    const [left, top, right] = thing.box;
    thing.box = [Math.min(left, start), top, Math.max(right, end - 1), y];
    if (start === 0) thing.left++;
    if (end === width) thing.right++;
    if (y === 0) thing.top += end - start;
    if (y === height - 1) thing.bottom += end - start;
  }
  return found;
}

/** Whether a thing lies along a border, or reaches from one to the other. */
function reachesIn({left, right, top, bottom}: Thing, {width, height}: {width: number; height: number}): boolean {
  if ((left > 0 && right > 0) || (top > 0 && bottom > 0)) return true;
  return Math.max(left / height, right / height, top / width, bottom / width) >= MIN_ALONG;
}

/** Whether a thing lies along a part of a border, and its side within the picture is as long and straight. */
function isPartOfRuler(
  root: number,
  {left, right, top, bottom, box: [x0, y0, x1, y1]}: Thing,
  runs: Runs,
  roots: Int32Array,
  {width, height}: {width: number; height: number},
): boolean {
  const upright = Math.max(left / height, right / height);
  const level = Math.max(top / width, bottom / width);
  if (Math.max(upright, level) < MIN_PARTLY_ALONG) return false;
  const contact = upright > level ? Math.max(left, right) : Math.max(top, bottom);
  // Of the outermost two cells, which a blurred or slightly tilted side falls into.
  const straight = [0, 0];
  for (let i = root; i < roots.length; i++) {
    if (roots[i] !== root) continue;
    const [y, start, end] = [runs[i * RUN], runs[i * RUN + 1], runs[i * RUN + 2]];
    if (upright > level) straight[0] += (left > right ? x1 + 1 - end : start - x0) <= 1 ? 1 : 0;
    else straight[top > bottom ? y1 - y : y - y0] += end - start;
  }
  return Math.max(straight[0], straight[1]) >= MIN_STRAIGHT * contact;
}

function isGrainLike({area, x, y, xx, yy, xy}: Thing, largest: number): boolean {
  const [meanX, meanY] = [x / area, y / area];
  // A cell is a square with a variance of its own.
  const varianceX = xx / area - meanX * meanX + 1 / 12;
  const varianceY = yy / area - meanY * meanY + 1 / 12;
  const covariance = xy / area - meanX * meanY;
  const root = Math.sqrt((varianceX - varianceY) ** 2 + 4 * covariance * covariance);
  const axis = (sign: number) => 4 * Math.sqrt(Math.max(0, (varianceX + varianceY + sign * root) / 2));
  const [length, width] = [axis(1), axis(-1)];
  const fills = area >= MIN_FILL * (Math.PI / 4) * length * width;
  return fills && length >= MIN_ELONGATION * width && area >= MIN_SHARE * largest;
}
