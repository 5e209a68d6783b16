import {type Components, connectRuns, RUN, type Runs} from './components.ts';

/** So many objects that are alike are grains, whatever else is in the picture. */
const MIN_COUNT = 8;
/** Fewer cells have no shape. */
const MIN_CELLS = 6;
/** The largest is at most so many times as large as the smallest. */
const MAX_RATIO = 4;
/** At least this share of all objects are such; a rough background has specks of every size, most of them tiny. */
const MIN_SHARE = 0.55;
/** Most of them are at least so many times as long as wide, and fill this share of the ellipse with their moments. */
const MIN_ELONGATION = 1.3;
const MIN_FILL = 0.7;
const MOST = 0.6;

/**
 * How many objects of about one size and of a grain's shape there are, even if something far larger is beside them, such as the
 * coin that shows the scale; 0 if there are too few to be sure.
 */
export function countCrowd(
  runs: Runs,
  {roots, areas: all}: Pick<Components, 'roots' | 'areas'> = connectRuns(runs),
): number {
  if (all.length < MIN_COUNT) return 0;
  const objects = objectsOf(runs, roots).sort((a, b) => a.area - b.area);
  let most: ObjectMoments[] = [];
  for (let first = 0, end = 0; first < objects.length; first++) {
    while (end < objects.length && objects[end].area <= MAX_RATIO * objects[first].area) end++;
    if (end - first > most.length) most = objects.slice(first, end);
  }
  if (most.length < Math.max(MIN_COUNT, MIN_SHARE * all.length)) return 0;
  return most.filter(isGrainLike).length >= MOST * most.length ? most.length : 0;
}

interface ObjectMoments {
  area: number;
  x: number;
  y: number;
  xx: number;
  yy: number;
  xy: number;
}

/** Area and sums of coordinates of each component that is large enough. */
function objectsOf(runs: Runs, roots: Int32Array): ObjectMoments[] {
  const found = new Map<number, ObjectMoments>();
  for (let i = 0; i < roots.length; i++) {
    const [y, start, end] = [runs[i * RUN], runs[i * RUN + 1], runs[i * RUN + 2]];
    const object = found.get(roots[i]) ?? {area: 0, x: 0, y: 0, xx: 0, yy: 0, xy: 0};
    found.set(roots[i], object);
    for (let x = start; x < end; x++) {
      object.area++;
      object.x += x;
      object.y += y;
      object.xx += x * x;
      object.yy += y * y;
      object.xy += x * y;
    }
  }
  return [...found.values()].filter(({area}) => area >= MIN_CELLS);
}

function isGrainLike({area, x, y, xx, yy, xy}: ObjectMoments): boolean {
  const [meanX, meanY] = [x / area, y / area];
  // A cell is a square with a variance of its own.
  const varianceX = xx / area - meanX * meanX + 1 / 12;
  const varianceY = yy / area - meanY * meanY + 1 / 12;
  const covariance = xy / area - meanX * meanY;
  const root = Math.sqrt((varianceX - varianceY) ** 2 + 4 * covariance * covariance);
  const axis = (sign: number) => 4 * Math.sqrt(Math.max(0, (varianceX + varianceY + sign * root) / 2));
  const [length, width] = [axis(1), axis(-1)];
  return length >= MIN_ELONGATION * width && area >= MIN_FILL * (Math.PI / 4) * length * width;
}
