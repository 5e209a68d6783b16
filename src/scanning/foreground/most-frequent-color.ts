import type {Frame} from '../../image/frame.ts';

const BIN_BITS = 4;
/** Every nth cell is enough. */
const SAMPLE_STEP = 3;

/** The fullest bin of a histogram of 16 x 16 x 16 colors together with its neighbors: their mean color. */
export function mostFrequentColor(
  {width, height, data}: Frame,
  allowed: Uint8Array | undefined,
): [number, number, number] {
  const side = 1 << BIN_BITS;
  const down = 8 - BIN_BITS;
  const counts = new Uint32Array(side * side * side);
  const sums = new Float64Array(counts.length * 3);
  for (let i = 0; i < width * height; i += SAMPLE_STEP) {
    if (allowed && allowed[i] === 0) continue;
    const red = data[i * 3];
    const green = data[i * 3 + 1];
    const blue = data[i * 3 + 2];
    const bin = ((red >> down) * side + (green >> down)) * side + (blue >> down);
    counts[bin]++;
    sums[bin * 3] += red;
    sums[bin * 3 + 1] += green;
    sums[bin * 3 + 2] += blue;
  }
  let most = -1;
  let color: [number, number, number] = [0, 0, 0];
  for (let r = 0; r < side; r++)
    for (let g = 0; g < side; g++)
      for (let b = 0; b < side; b++) {
        if (counts[(r * side + g) * side + b] === 0) continue;
        let count = 0;
        let [red, green, blue] = [0, 0, 0];
        for (let i = Math.max(0, r - 1); i <= Math.min(side - 1, r + 1); i++)
          for (let j = Math.max(0, g - 1); j <= Math.min(side - 1, g + 1); j++)
            for (let k = Math.max(0, b - 1); k <= Math.min(side - 1, b + 1); k++) {
              const bin = (i * side + j) * side + k;
              count += counts[bin];
              red += sums[bin * 3];
              green += sums[bin * 3 + 1];
              blue += sums[bin * 3 + 2];
            }
        if (count <= most) continue;
        most = count;
        color = [red / count, green / count, blue / count];
      }
  return color;
}
