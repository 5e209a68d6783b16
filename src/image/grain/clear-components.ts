import {type Kernels, LAYOUT} from '../kernels/kernels.ts';
import {RUN, type Runs} from './components.ts';

/** How far around a component cells are cleared as well: its soft edge. */
const EDGE = 2;

/**
 * Clears the cells of components, as if they were background.
 *
 * @param cleared the first run of each
 * @param grid of distances in the kernels' memory
 * @returns the histogram of the rest
 */
export function clearComponents(
  cleared: readonly number[],
  runs: Runs,
  roots: Int32Array,
  {width, height, stride}: {width: number; height: number; stride: number},
  kernels: Kernels,
): Uint32Array {
  const cells = kernels.bytes.subarray(LAYOUT.cells, LAYOUT.cells + stride * height);
  for (let i = 0; i < roots.length; i++) {
    if (!cleared.includes(roots[i])) continue;
    const [row, start, end] = [runs[i * RUN], runs[i * RUN + 1], runs[i * RUN + 2]];
    for (let y = Math.max(0, row - EDGE); y <= Math.min(height - 1, row + EDGE); y++)
      cells.fill(0, y * stride + Math.max(0, start - EDGE), y * stride + Math.min(width, end + EDGE));
  }
  const histogram = new Uint32Array(256);
  for (let y = 0; y < height; y++)
    for (const distance of cells.subarray(y * stride, y * stride + width)) histogram[distance]++;
  return histogram;
}
