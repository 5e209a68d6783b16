import {RUN} from './components.ts';
import type {SolidShape} from './shape.ts';

/**
 * How many cells of a shape lie along the border of its grid: the length of the straight edge that the border cuts.
 *
 * @param margin the margin of the shape's box
 * @param distance how many cells a side of the shape may be away from the border
 */
export function borderContact(
  {x, y, width, height, spans}: SolidShape,
  grid: {width: number; height: number},
  margin: number,
  distance = 0,
): number {
  const inner = margin - distance;
  const [left, right] = [x + inner <= 0, x + width - inner >= grid.width];
  const [top, bottom] = [y + inner <= 0, y + height - inner >= grid.height];
  let cells = 0;
  for (let i = 0; i < spans.length; i += RUN) {
    const [row, start, end] = [spans[i], spans[i + 1], spans[i + 2]];
    if (left && start === margin) cells++;
    if (right && end === width - margin) cells++;
    if ((top && row === margin) || (bottom && row === height - 1 - margin)) cells += end - start;
  }
  return cells;
}
