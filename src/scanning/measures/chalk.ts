/** Lightness above that of most grains' inner pixels from which a pixel counts as chalky. */
const CHALK = 9;

/**
 * Estimates the chalky share of each grain: pixels that are much lighter than the inner pixels of most grains.
 *
 * @param lightness L* of inner pixels, a list for each grain
 * @returns a share from 0 to 1 for each grain
 */
export function chalkShares(lightness: readonly Float32Array[]): number[] {
  const medians = lightness
    .map((values) => Float32Array.from(values).sort()[values.length >> 1] ?? 0)
    .sort((a, b) => a - b);
  const usual = medians[medians.length >> 1] ?? 0;
  return lightness.map((values) => {
    let white = 0;
    for (let k = 0; k < values.length; k++) if (values[k] > usual + CHALK) white++;
    return values.length === 0 ? 0 : white / values.length;
  });
}
