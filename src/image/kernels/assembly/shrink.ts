/**
 * Averages 2 x 2 pixels of the canvas [height, width], rounded to nearest, and writes them to a window with rows of
 * `windowStride` bytes, at (x, y) in window pixels.
 */
export function shrink(
  canvasAt: usize,
  width: i32,
  height: i32,
  windowAt: usize,
  windowStride: i32,
  x: i32,
  y: i32,
): void {
  const rowBytes = width * 3;
  const two = i16x8.splat(2);
  for (let row = 0; row < height; row += 2) {
    let source = canvasAt + <usize>(row * rowBytes);
    let target = windowAt + <usize>((y + (row >> 1)) * windowStride + x * 3);
    let column = 0;
    // Two window pixels from 12 bytes of each of two rows.
    for (; column + 4 <= width; column += 4, source += 12, target += 6) {
      const above = v128.load(source);
      const below = v128.load(source + rowBytes);
      const left = i16x8.add(firsts(above), firsts(below));
      const right = i16x8.add(seconds(above), seconds(below));
      const mean = i16x8.shr_u(i16x8.add(i16x8.add(left, right), two), 2);
      const bytes = i8x16.narrow_i16x8_u(mean, mean);
      store<u32>(target, i32x4.extract_lane(bytes, 0));
      store<u16>(target, i16x8.extract_lane_u(bytes, 2), 4);
    }
    for (; column < width; column += 2, source += 6, target += 3)
      for (let channel = 0; channel < 3; channel++) {
        const at = source + channel;
        const sum = <i32>load<u8>(at) + load<u8>(at, 3) + load<u8>(at + rowBytes) + load<u8>(at + rowBytes, 3);
        store<u8>(target + channel, (sum + 2) >> 2);
      }
  }
}

/** The channels of pixels 0 and 2 (of 0 to 3) as i16. */
function firsts(bytes: v128): v128 {
  return i8x16.swizzle(bytes, i8x16(0, -1, 1, -1, 2, -1, 6, -1, 7, -1, 8, -1, -1, -1, -1, -1));
}

/** The channels of pixels 1 and 3 (of 0 to 3) as i16. */
function seconds(bytes: v128): v128 {
  return i8x16.swizzle(bytes, i8x16(3, -1, 4, -1, 5, -1, 9, -1, 10, -1, 11, -1, -1, -1, -1, -1));
}
