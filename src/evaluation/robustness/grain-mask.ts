import type {Frame} from '../../image/frame.ts';
import {backgroundOf} from '../../image/grain/background/estimate-background.ts';
import {distanceThreshold} from '../../image/grain/threshold.ts';
import {blurChannels} from './blur.ts';
import {pixelOf} from './change.ts';

/** Standard deviation of the edge blur in reference pixels, about the sharpness of the dataset. */
const EDGE_SIGMA = 0.7;

/** The share of each pixel that is grain, 0 to 1. */
export function softened(mask: Uint8Array, frame: Frame): Float32Array {
  return blurChannels(mask, frame.width, frame.height, 1, EDGE_SIGMA * pixelOf(frame));
}

/** The interior of a mask: the pixels with no neighbor outside. */
export function insideOf(mask: Uint8Array, width: number, height: number): Uint8Array {
  return mask.map((value, pixel) => {
    const x = pixel % width;
    if (value === 0 || x === 0 || x === width - 1 || pixel < width || pixel >= width * (height - 1)) return 0;
    const above = mask[pixel - width - 1] & mask[pixel - width] & mask[pixel - width + 1];
    const below = mask[pixel + width - 1] & mask[pixel + width] & mask[pixel + width + 1];
    return above & below & mask[pixel - 1] & mask[pixel + 1];
  });
}

/**
 * The mask of the grain: 1 for pixels that differ from the border color, and for holes in it (dark spots), which a flood
 * fill from the border of the frame does not reach. All 0 if nothing differs.
 */
export function grainMask(frame: Frame): Uint8Array {
  const {width, height} = frame;
  const {distances, threshold} = distancesFromBackground(frame);
  const mask = new Uint8Array(width * height).fill(1);
  const stack: number[] = [];
  const visit = (pixel: number) => {
    if (mask[pixel] === 0 || distances[pixel] > threshold) return;
    mask[pixel] = 0;
    stack.push(pixel);
  };
  for (let x = 0; x < width; x++) for (const y of [0, height - 1]) visit(y * width + x);
  for (let y = 0; y < height; y++) for (const x of [0, width - 1]) visit(y * width + x);
  for (let pixel = stack.pop(); pixel !== undefined; pixel = stack.pop()) {
    const x = pixel % width;
    if (x > 0) visit(pixel - 1);
    if (x < width - 1) visit(pixel + 1);
    if (pixel >= width) visit(pixel - width);
    if (pixel < width * (height - 1)) visit(pixel + width);
  }
  return mask;
}

/** For each pixel, the largest distance of its channels from the border color, and the threshold for grain. */
function distancesFromBackground(frame: Frame): {distances: Uint8Array; threshold: number} {
  const {red, green, blue, spread} = backgroundOf(frame);
  const {data} = frame;
  const distances = new Uint8Array(data.length / 3);
  const histogram = new Uint32Array(256);
  for (let pixel = 0, i = 0; pixel < distances.length; pixel++, i += 3) {
    const distance = Math.max(Math.abs(data[i] - red), Math.abs(data[i + 1] - green), Math.abs(data[i + 2] - blue));
    distances[pixel] = distance;
    histogram[distance]++;
  }
  return {distances, threshold: distanceThreshold(histogram, spread)?.threshold ?? 255};
}
