import type {Frame} from '../../image/frame.ts';
import {coverageOf} from '../outlines/coverage.ts';
import type {Outline, Point} from '../types.ts';

/**
 * 1 for the cells in which to look; undefined if that is all of them.
 *
 * @param factor pixels of the picture per cell
 * @param where outlines in pixels: only within `regions`, and not within `blocked`
 */
export function allowedCells(
  {width, height}: Frame,
  factor: number,
  {regions, blocked = []}: {regions?: readonly Outline[] | undefined; blocked?: readonly Outline[] | undefined},
): Uint8Array | undefined {
  if (!regions && blocked.length === 0) return undefined;
  const inCells = (outline: Outline) =>
    coverageOf(
      outline.map(([x, y]): Point => [x / factor, y / factor]),
      width,
      height,
    );
  const allowed = new Uint8Array(width * height).fill(regions ? 0 : 1);
  for (const outline of regions ?? [])
    inCells(outline).forEach((share, i) => {
      if (share >= 1) allowed[i] = 1;
    });
  for (const outline of blocked)
    inCells(outline).forEach((share, i) => {
      if (share > 0) allowed[i] = 0;
    });
  return allowed;
}
