import type {FoundGrain} from '../grain/find-grain.ts';

/** A bounding box aligned with a grain's axes, relative to its centroid. */
export interface Extent {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** The mask's bounding box along and across the long axis, in pixels of the frame. */
export function extentOf({mask, cos, sin, x: centerX, y: centerY}: FoundGrain): Extent {
  const extent = {left: 0, top: 0, right: 0, bottom: 0};
  const widen = (cellX: number, y: number) => {
    const dx = cellX * mask.step - centerX;
    const dy = y - centerY;
    const along = dx * cos + dy * sin;
    const across = dy * cos - dx * sin;
    if (along < extent.left) extent.left = along;
    if (along > extent.right) extent.right = along;
    if (across < extent.top) extent.top = across;
    if (across > extent.bottom) extent.bottom = across;
  };
  for (let row = 0; row < mask.height; row++) {
    const first = mask.rows[2 * row];
    const end = mask.rows[2 * row + 1];
    if (first === end) continue;
    const y = (mask.y + row) * mask.step;
    widen(mask.x + first, y);
    widen(mask.x + first, y + mask.step);
    widen(mask.x + end, y);
    widen(mask.x + end, y + mask.step);
  }
  return extent;
}
