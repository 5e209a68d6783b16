/** Smaller distances from the background are never a grain, however uniform the border is. */
const MIN_DISTANCE = 10;
/** How far a grain's distance must exceed the border's spread. */
const SPREAD_MARGIN = 6;
/** The least mean distance between grain and background, in levels of 0..255. */
const MIN_CONTRAST = 16;

/** The segmentation threshold, in levels of distance from the background. */
export interface DistanceThreshold {
  /** Pixels farther from the background than this belong to an object. */
  threshold: number;
  /** Mean distance of those pixels. */
  contrast: number;
}

/** The distance up to which nothing can be an object on a background whose border has this spread. */
export function distanceFloor(spread: number): number {
  return Math.max(MIN_DISTANCE, spread + SPREAD_MARGIN);
}

/**
 * Separates objects from the background: the threshold is the midpoint of the mean distances on both sides, iterated from
 * the border's spread upwards until it converges (Ridler and Calvard 1978). Unlike a global search for the best split
 * (Otsu 1979, whose optimum is one of these fixed points), it does not split the background's noise if the grain covers
 * little of the frame. Returns undefined if nothing stands out.
 *
 * @param histogram counts of the distances 0..255; those up to the floor may all be counted in bin 0
 * @param spread the border pixels' spread around the background color
 */
export function distanceThreshold(histogram: Uint32Array, spread: number): DistanceThreshold | undefined {
  const floor = distanceFloor(spread);
  let threshold = floor;
  for (;;) {
    const below = meanBetween(histogram, 0, threshold);
    const contrast = meanBetween(histogram, threshold + 1, 255);
    if (contrast === undefined || contrast < spread + MIN_CONTRAST) return undefined;
    const next = Math.max(floor, Math.floor(((below ?? 0) + contrast) / 2));
    if (next <= threshold) return {threshold, contrast};
    threshold = next;
  }
}

function meanBetween(histogram: Uint32Array, first: number, last: number): number | undefined {
  let count = 0;
  let sum = 0;
  for (let value = first; value <= last; value++) {
    count += histogram[value];
    sum += histogram[value] * value;
  }
  return count === 0 ? undefined : sum / count;
}
