import {distance} from './distance';

/**
 * Measures distances from a color: for every `step`th pixel of every `step`th row the largest difference of the three
 * channels, or 0 if that is not above `floor`. Counts the distances above the floor in `histogramAt` (256 u32, zeroed by
 * the caller).
 *
 * @param frameAt RGB interleaved, followed by 32 readable bytes
 * @param cellsAt output: one u8 per cell, in rows of `stride` bytes, a multiple of 16, padded with 0
 * @returns number of cells above the floor
 */
export function measureDistances(
  frameAt: usize,
  frameWidth: i32,
  frameHeight: i32,
  step: i32,
  offset: i32,
  background: u32,
  floor: i32,
  cellsAt: usize,
  width: i32,
  height: i32,
  stride: i32,
  histogramAt: usize,
): i32 {
  let count = 0;
  for (let y = 0; y < height; y++) {
    const row = min(frameHeight - 1, y * step + offset);
    const source = frameAt + <usize>(row * frameWidth * 3);
    const target = cellsAt + <usize>(y * stride);
    distancesOfRow(source, frameWidth, step, offset, background, target, width, stride);
    count += dropNear(target, stride, floor, histogramAt);
  }
  return count;
}

/** Sixteen cells at a time, then the rest, then zeros. */
function distancesOfRow(
  source: usize,
  frameWidth: i32,
  step: i32,
  offset: i32,
  background: u32,
  target: usize,
  width: i32,
  stride: i32,
): void {
  const color = i32x4.splat(<i32>background);
  const way = <usize>(step * 3);
  let at = source + <usize>(offset * 3);
  let x = 0;
  for (; x + 16 <= width && (x + 15) * step + offset < frameWidth; x += 16, at += way << 4) {
    const a = distancesOfFour(at, way, color);
    const b = distancesOfFour(at + (way << 2), way, color);
    const c = distancesOfFour(at + (way << 3), way, color);
    const d = distancesOfFour(at + 12 * way, way, color);
    const low = i16x8.narrow_i32x4_u(a, b);
    const high = i16x8.narrow_i32x4_u(c, d);
    v128.store(target + x, i8x16.narrow_i16x8_u(low, high));
  }
  for (; x < width; x++) {
    const pixel = source + <usize>(min(frameWidth - 1, x * step + offset) * 3);
    store<u8>(target + x, distance(pixel, background));
  }
  for (; x < stride; x++) store<u8>(target + x, 0);
}

/** The distances of four pixels that are `way` bytes apart, as i32. */
function distancesOfFour(at: usize, way: usize, color: v128): v128 {
  let pixels = v128.load32_zero(at);
  pixels = v128.load32_lane(at + way, pixels, 1);
  pixels = v128.load32_lane(at + (way << 1), pixels, 2);
  pixels = v128.load32_lane(at + 3 * way, pixels, 3);
  const apart = v128.or(i8x16.sub_sat_u(pixels, color), i8x16.sub_sat_u(color, pixels));
  const most = i8x16.max_u(i8x16.max_u(apart, i32x4.shr_u(apart, 8)), i32x4.shr_u(apart, 16));
  return v128.and(most, i32x4.splat(255));
}

/** Sets distances up to the floor to 0 and counts the others by their value. */
function dropNear(target: usize, stride: i32, floor: i32, histogramAt: usize): i32 {
  const limit = i8x16.splat(<u8>floor);
  let count = 0;
  for (let x = 0; x < stride; x += 16) {
    const distances = v128.load(target + x);
    // Above the floor: the saturating subtraction is not 0.
    const far = v128.not(i8x16.eq(i8x16.sub_sat_u(distances, limit), i8x16.splat(0)));
    v128.store(target + x, v128.and(distances, far));
    let bits = i8x16.bitmask(far);
    count += popcnt(bits);
    while (bits !== 0) {
      const at = histogramAt + ((<usize>load<u8>(target + x + ctz(bits))) << 2);
      store<u32>(at, load<u32>(at) + 1);
      bits &= bits - 1;
    }
  }
  return count;
}
