import {coverageOf} from '../outlines/coverage.ts';
import type {Outline, Point} from '../types.ts';
import type {Regions} from './label-regions.ts';
import type {ShapedRegion} from './region-shape.ts';
import type {SortedRegions} from './sort-regions.ts';

/** A grain touches a coin at a point; the coin's own wall lies along it for at least this share of its length. */
const ALONG = 0.4;

/**
 * Takes what lies along known things for parts of them: the wall of a cap that is seen from the side, or a coin's shadow.
 *
 * @param things outlines in pixels of the picture
 * @param factor pixels of the picture per cell
 */
export function besideThings(
  sorted: SortedRegions,
  {labels, regions, width, height}: Regions,
  things: readonly Outline[],
  factor: number,
): SortedRegions {
  if (things.length === 0) return sorted;
  const covered = new Uint8Array(width * height);
  for (const outline of things)
    coverageOf(
      outline.map(([x, y]): Point => [x / factor, y / factor]),
      width,
      height,
    ).forEach((share, i) => {
      if (share > 0) covered[i] = 1;
    });
  const contacts = new Uint32Array(regions.length + 1);
  for (let y = 1; y + 1 < height; y++)
    for (let x = 1; x + 1 < width; x++) {
      const cell = y * width + x;
      if (labels[cell] === 0) continue;
      if (covered[cell - 1] || covered[cell + 1] || covered[cell - width] || covered[cell + width])
        contacts[labels[cell]]++;
    }
  const isPart = ({label, length}: ShapedRegion) => contacts[label] >= ALONG * length;
  const parts = [...sorted.singles, ...sorted.clusters].filter(isPart);
  return {
    ...sorted,
    singles: sorted.singles.filter((region) => !isPart(region)),
    clusters: sorted.clusters.filter((region) => !isPart(region)),
    objects: [...sorted.objects, ...parts.map((region) => ({kind: 'object' as const, region}))],
  };
}
