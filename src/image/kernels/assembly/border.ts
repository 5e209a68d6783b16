import {distance} from './distance';

/**
 * Counts the levels of every `step`th pixel along the frame's border: 256 u32 for each of red, green and blue at
 * `countsAt`, zeroed by the caller.
 */
export function countBorder(frameAt: usize, width: i32, height: i32, step: i32, countsAt: usize): void {
  const lastRow = frameAt + <usize>((height - 1) * width * 3);
  for (let x = 0; x < width; x += step) {
    countPixel(frameAt + <usize>(x * 3), countsAt);
    countPixel(lastRow + <usize>(x * 3), countsAt);
  }
  for (let y = 0; y < height; y += step) {
    const left = frameAt + <usize>(y * width * 3);
    countPixel(left, countsAt);
    countPixel(left + <usize>((width - 1) * 3), countsAt);
  }
}

function countPixel(at: usize, countsAt: usize): void {
  count(countsAt, load<u8>(at));
  count(countsAt + 1024, load<u8>(at, 1));
  count(countsAt + 2048, load<u8>(at, 2));
}

function count(countsAt: usize, level: u8): void {
  const at = countsAt + ((<usize>level) << 2);
  store<u32>(at, load<u32>(at) + 1);
}

/** Histogram of the same pixels' distances from a color, the largest difference of the three channels: 256 u32. */
export function countBorderDistances(
  frameAt: usize,
  width: i32,
  height: i32,
  step: i32,
  background: u32,
  countsAt: usize,
): void {
  const lastRow = frameAt + <usize>((height - 1) * width * 3);
  for (let x = 0; x < width; x += step) {
    count(countsAt, distance(frameAt + <usize>(x * 3), background));
    count(countsAt, distance(lastRow + <usize>(x * 3), background));
  }
  for (let y = 0; y < height; y += step) {
    const left = frameAt + <usize>(y * width * 3);
    count(countsAt, distance(left, background));
    count(countsAt, distance(left + <usize>((width - 1) * 3), background));
  }
}
