/** Measurements of a prepared window, independent of the picture's size. */
export interface WindowMeasurements {
  /** Mean level of the grain over all three channels, 0 to 255. */
  brightness: number;
  /** The share of the window that the grain covers, 0 to 1. */
  area: number;
}

/**
 * Measures the grain in a window: all pixels that are not black.
 *
 * @param window RGB interleaved
 */
export function measureWindow(window: Uint8Array): WindowMeasurements {
  let sum = 0;
  let lit = 0;
  for (let i = 0; i + 2 < window.length; i += 3) {
    const level = window[i] + window[i + 1] + window[i + 2];
    sum += level;
    if (level > 0) lit++;
  }
  return {brightness: lit === 0 ? 0 : sum / (3 * lit), area: lit / Math.max(1, window.length / 3)};
}
