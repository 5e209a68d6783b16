import type {Outline} from '../../src/scanning/types.ts';
import {sharedPixels} from '../scenes/masks.ts';
import type {Mask} from '../scenes/types.ts';

/** The pixels whose centers lie within an outline (even-odd rule), cut to a scene. */
export function rasterize(outline: Outline, sceneWidth: number, sceneHeight: number): Mask {
  const xs = outline.map(([x]) => x);
  const ys = outline.map(([, y]) => y);
  const left = Math.max(0, Math.floor(Math.min(...xs)));
  const top = Math.max(0, Math.floor(Math.min(...ys)));
  const width = Math.max(0, Math.min(sceneWidth, Math.ceil(Math.max(...xs))) - left);
  const height = Math.max(0, Math.min(sceneHeight, Math.ceil(Math.max(...ys))) - top);
  const data = new Uint8Array(width * height);
  for (let row = 0; row < height; row++) {
    const y = row + top + 0.5;
    const crossings: number[] = [];
    outline.forEach(([x1, y1], i) => {
      const [x2, y2] = outline[(i + 1) % outline.length];
      if (y1 <= y !== y2 <= y) crossings.push(x1 + ((y - y1) / (y2 - y1)) * (x2 - x1));
    });
    crossings.sort((a, b) => a - b);
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      const from = Math.max(0, Math.ceil(crossings[i] - left - 0.5));
      const to = Math.min(width, Math.ceil(crossings[i + 1] - left - 0.5));
      if (to > from) data.fill(1, row * width + from, row * width + to);
    }
  }
  return {x: left, y: top, width, height, data};
}

export interface Match {
  /** Index of the true mask. */
  truth: number;
  found: number;
  /** Pixels in both divided by pixels in either. */
  iou: number;
}

/** Pairs masks, best first, each at most once, down to the least IoU. */
export function matchMasks(truth: readonly Mask[], found: readonly Mask[], least = 0.5): Match[] {
  const area = ({data}: Mask) => data.reduce((sum, inside) => sum + inside, 0);
  const [truthAreas, foundAreas] = [truth.map(area), found.map(area)];
  const pairs: Match[] = [];
  truth.forEach((mask, i) => {
    found.forEach((other, j) => {
      const shared = sharedPixels(mask, other);
      const iou = shared === 0 ? 0 : shared / (truthAreas[i] + foundAreas[j] - shared);
      if (iou >= least) pairs.push({truth: i, found: j, iou});
    });
  });
  pairs.sort((a, b) => b.iou - a.iou || a.truth - b.truth || a.found - b.found);
  const [takenTruth, takenFound] = [new Set<number>(), new Set<number>()];
  return pairs.filter((pair) => {
    if (takenTruth.has(pair.truth) || takenFound.has(pair.found)) return false;
    takenTruth.add(pair.truth);
    takenFound.add(pair.found);
    return true;
  });
}
