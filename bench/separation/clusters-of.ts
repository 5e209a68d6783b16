import type {Frame} from '../../src/image/frame.ts';
import type {Cluster} from '../../src/scanning/separation/network/cluster.ts';

/** A connected part of a mask, cut out, and where it lies. */
export interface Located extends Cluster {
  x: number;
  y: number;
}

/** The connected parts (of eight neighbors) of a mask that have at least `least` pixels. */
export function clustersOf(frame: Frame, mask: Uint8Array, least = 12): Located[] {
  const {width, height} = frame;
  const seen = new Uint8Array(mask.length);
  const clusters: Located[] = [];
  for (let start = 0; start < mask.length; start++) {
    if (mask[start] === 0 || seen[start] !== 0) continue;
    const pixels = [start];
    seen[start] = 1;
    for (let k = 0; k < pixels.length; k++) {
      const [x, y] = [pixels[k] % width, Math.floor(pixels[k] / width)];
      for (let v = Math.max(0, y - 1); v <= Math.min(height - 1, y + 1); v++)
        for (let u = Math.max(0, x - 1); u <= Math.min(width - 1, x + 1); u++) {
          const j = v * width + u;
          if (mask[j] === 0 || seen[j] !== 0) continue;
          seen[j] = 1;
          pixels.push(j);
        }
    }
    if (pixels.length >= least) clusters.push(cut(frame, pixels));
  }
  return clusters;
}

function cut({width, data}: Frame, pixels: number[]): Located {
  let [left, right, top, bottom] = [Number.POSITIVE_INFINITY, 0, Number.POSITIVE_INFINITY, 0];
  for (const i of pixels) {
    const [x, y] = [i % width, Math.floor(i / width)];
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  const [wide, high] = [right - left + 1, bottom - top + 1];
  const mask = new Uint8Array(wide * high);
  const colors = new Uint8Array(3 * wide * high);
  for (const i of pixels) mask[(Math.floor(i / width) - top) * wide + (i % width) - left] = 1;
  for (let y = 0; y < high; y++) {
    const from = 3 * ((y + top) * width + left);
    colors.set(data.subarray(from, from + 3 * wide), 3 * y * wide);
  }
  return {x: left, y: top, width: wide, height: high, mask, colors: {width: wide, height: high, data: colors}};
}
