/**
 * The closed path through a grid of costs that is cheapest, by dynamic programming (Amini, Weymouth and Jain 1990): one
 * place on each ray, and neighbors differ little.
 *
 * @param costs of each place, ray by ray
 * @param stiffness cost of the square of a difference of one between neighboring rays
 * @returns the place on each ray
 */
export function closedPath(costs: Float32Array, rays: number, places: number, stiffness: number): Int32Array {
  // Of an open path the middle is right; there the closed one begins and ends.
  const from = rays >> 1;
  const free = openPath(costs, rays, places, stiffness, 0, undefined);
  const turned = openPath(costs, rays, places, stiffness, from, free[from]);
  const path = new Int32Array(rays);
  for (let i = 0; i < rays; i++) path[(from + i) % rays] = turned[i];
  return path;
}

/** Largest difference between neighbors. */
const MOST = 4;

/**
 * @param first the ray to begin with
 * @param start the place to begin and to end at; undefined: any
 */
function openPath(
  costs: Float32Array,
  rays: number,
  places: number,
  stiffness: number,
  first: number,
  start: number | undefined,
): Int32Array {
  const steps = start === undefined ? rays : rays + 1;
  const cameFrom = new Int8Array(steps * places);
  // With places on either side that nothing comes from.
  let sums = new Float32Array(places + 2 * MOST).fill(Number.POSITIVE_INFINITY);
  let next = sums.slice();
  for (let k = 0; k < places; k++) if (start === undefined || k === start) sums[k + MOST] = costs[first * places + k];
  for (let i = 1; i < steps; i++) {
    cheapestStep(sums, next, cameFrom.subarray(i * places, (i + 1) * places), stiffness);
    const row = ((first + i) % rays) * places;
    for (let k = 0; k < places; k++) next[k + MOST] += costs[row + k];
    [sums, next] = [next, sums];
  }
  let place = start ?? 0;
  if (start === undefined) for (let k = 1; k < places; k++) if (sums[k + MOST] < sums[place + MOST]) place = k;
  const path = new Int32Array(steps);
  for (let i = steps - 1; i >= 0; i--) {
    path[i] = place;
    place += cameFrom[i * places + place];
  }
  return path;
}

/** For each place, the cheapest way to it from a place of the ray before, and by how much that is farther out. */
function cheapestStep(sums: Float32Array, next: Float32Array, cameFrom: Int8Array, stiffness: number): void {
  const places = cameFrom.length;
  for (let k = 0; k < places; k++) next[k + MOST] = sums[k + MOST];
  for (let d = 1; d <= MOST; d++) {
    const cost = stiffness * d * d;
    for (let k = 0; k < places; k++) {
      const inner = sums[k + MOST - d] + cost;
      const outer = sums[k + MOST + d] + cost;
      if (inner < next[k + MOST]) {
        next[k + MOST] = inner;
        cameFrom[k] = -d;
      }
      if (outer < next[k + MOST]) {
        next[k + MOST] = outer;
        cameFrom[k] = d;
      }
    }
  }
}
