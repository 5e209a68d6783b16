import {shrink} from './shrink';

/**
 * Averages boxes of factor x factor pixels, rounded to nearest; boxes at the right and lower border may be smaller. RGB
 * interleaved; the result is ceil(width / factor) pixels wide.
 */
export function averageBoxes(frameAt: usize, width: i32, height: i32, factor: i32, outAt: usize): void {
  const columns = (width + factor - 1) / factor;
  if (factor === 2 && ((width | height) & 1) === 0) {
    shrink(frameAt, width, height, outAt, columns * 3, 0, 0);
    return;
  }
  let target = outAt;
  for (let top = 0; top < height; top += factor) {
    const bottom = min(height, top + factor);
    for (let left = 0; left < width; left += factor, target += 3) {
      const right = min(width, left + factor);
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let y = top; y < bottom; y++) {
        const end = frameAt + <usize>((y * width + right) * 3);
        for (let at = frameAt + <usize>((y * width + left) * 3); at < end; at += 3) {
          red += <i32>load<u8>(at);
          green += <i32>load<u8>(at, 1);
          blue += <i32>load<u8>(at, 2);
        }
      }
      const count = (bottom - top) * (right - left);
      store<u8>(target, (2 * red + count) / (2 * count));
      store<u8>(target, (2 * green + count) / (2 * count), 1);
      store<u8>(target, (2 * blue + count) / (2 * count), 2);
    }
  }
}
