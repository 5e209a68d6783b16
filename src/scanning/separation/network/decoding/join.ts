import {areaOf, type Ellipse, ellipse, squaredNorm} from './ellipse.ts';
import type {Votes} from './votes.ts';

/** How far apart the centroids of two parts of a grain may be said to be, in half axes. */
const APART = 1;
/** How much of the grain's ellipse both parts may cover together. */
const FULL = 1.05;
/** How much their ellipses may differ, as a share of their size. */
const DIFFERENT = 0.35;
/** Pixels of the mask for each of a cell. */
const CELL_PIXELS = 4;

/**
 * Joins what is seen of a grain on both sides of one that lies across it, where the votes of both sides do not quite meet: parts that
 * describe nearly the same ellipse and together do not fill it. Two grains, even one upon the other, would fill more.
 *
 * @param labels of the votes; changed
 */
export function joinParts(votes: Votes, labels: Int32Array, seeds: readonly Ellipse[]): void {
  const areas = new Float64Array(seeds.length);
  for (let i = 0; i < votes.count; i++) if (labels[i] > 0) areas[labels[i] - 1] += CELL_PIXELS;
  const joined = Int32Array.from(seeds, (_, i) => i);
  const ellipses = seeds.map((seed) => seed);
  const order = [...seeds.keys()].sort((a, b) => seeds[a].x - seeds[b].x);
  const reach = Math.max(0, ...seeds.map(({mxx, mxy}) => Math.hypot(mxx, mxy))) * APART;
  const pairs: {a: number; b: number; distance: number}[] = [];
  order.forEach((a, k) => {
    for (let n = k + 1; n < order.length && seeds[order[n]].x - seeds[a].x <= reach; n++) {
      const distance = distanceOf(seeds[a], seeds[order[n]]);
      if (distance < APART) pairs.push({a, b: order[n], distance});
    }
  });
  for (const {a, b} of pairs.sort((one, other) => one.distance - other.distance)) {
    const [first, second] = [rootOf(joined, a), rootOf(joined, b)];
    if (first === second || !belongTogether(ellipses[first], areas[first], ellipses[second], areas[second])) continue;
    ellipses[first] = middle(ellipses[first], areas[first], ellipses[second], areas[second]);
    areas[first] += areas[second];
    joined[second] = first;
  }
  for (let i = 0; i < votes.count; i++) if (labels[i] > 0) labels[i] = rootOf(joined, labels[i] - 1) + 1;
}

function rootOf(joined: Int32Array, i: number): number {
  let root = i;
  while (joined[root] !== root) root = joined[root];
  return root;
}

/** Of the centroids, in half axes of the mean ellipse. */
function distanceOf(a: Ellipse, b: Ellipse): number {
  return Math.sqrt(squaredNorm(middle(a, 1, b, 1), a.x - b.x, a.y - b.y));
}

function belongTogether(a: Ellipse, areaA: number, b: Ellipse, areaB: number): boolean {
  const both = middle(a, areaA, b, areaB);
  if (distanceOf(a, b) > APART || areaA + areaB > FULL * areaOf(both)) return false;
  const difference = Math.hypot(a.mxx - b.mxx, Math.SQRT2 * (a.mxy - b.mxy), a.myy - b.myy);
  return difference <= DIFFERENT * Math.hypot(both.mxx, Math.SQRT2 * both.mxy, both.myy);
}

function middle(a: Ellipse, weightA: number, b: Ellipse, weightB: number): Ellipse {
  const share = weightA + weightB > 0 ? weightA / (weightA + weightB) : 0.5;
  const mean = (name: 'x' | 'y' | 'mxx' | 'mxy' | 'myy') => share * a[name] + (1 - share) * b[name];
  return ellipse(mean('x'), mean('y'), mean('mxx'), mean('mxy'), mean('myy'));
}
