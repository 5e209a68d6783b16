import type {WindowSize} from '../image/window/canvas.ts';

/** Numbers at the pixels of a model's window, row-major. */
export interface WindowMap extends WindowSize {
  values: Float64Array;
}

/**
 * Adds the numbers of a coarser map to those of a window's pixels, bilinearly between the centers of its cells, each cell's amount
 * kept: what is spread sums to what the map sums to.
 */
export function spreadMap(map: {width: number; height: number; values: ArrayLike<number>}, into: WindowMap): void {
  const columns = sharesOf(map.width, into.width);
  const rows = sharesOf(map.height, into.height);
  for (let row = 0; row < map.height; row++)
    for (let column = 0; column < map.width; column++) {
      const amount = map.values[row * map.width + column];
      if (amount === 0) continue;
      const [across, along] = [rows[row], columns[column]];
      across.values.forEach((part, y) => {
        const at = (across.from + y) * into.width + along.from;
        for (let x = 0; x < along.values.length; x++) into.values[at + x] += amount * part * along.values[x];
      });
    }
}

/** How an amount in each cell of an axis is shared among the axis's pixels: each cell's shares sum to 1. */
function sharesOf(cells: number, pixels: number): {from: number; values: Float64Array}[] {
  const size = pixels / cells;
  return Array.from({length: cells}, (_, cell) => {
    const center = (cell + 0.5) * size;
    const from = Math.max(0, Math.floor(center - size));
    const to = Math.min(pixels, Math.ceil(center + size));
    const values = Float64Array.from({length: to - from}, (__, i) => {
      return Math.max(0, 1 - Math.abs(from + i + 0.5 - center) / size);
    });
    const sum = values.reduce((total, each) => total + each, 0);
    return {from, values: values.map((each) => each / sum)};
  });
}
