import type {Deviation} from './deviation.ts';
import {squareOf} from './metric.ts';

/** A shadow takes at least this share of the light. */
const LEAST_DARKENING = 0.04;
/** What takes more of the light than a grain's rim on a background of the grain's brightness. */
const SHADE = 0.06;
/** A shadow's color strays from the background's by no more levels than this, or this share of what it takes. */
const COLOR_TOLERANCE = 10;
const COLOR_SHARE = 0.15;

/** The light at a cell relative to the background's, less 1. */
function lightOf({smooth, surface}: Deviation, cell: number): number {
  const i = cell * 3;
  const red = surface[i];
  const green = surface[i + 1];
  const blue = surface[i + 2];
  return (smooth[i] * red + smooth[i + 1] * green + smooth[i + 2] * blue) / (red * red + green * green + blue * blue);
}

/** Whether a cell is the background with less light on it: darker in all colors alike. */
export function isShadowLike({metric, surface, smooth}: Deviation, cell: number): boolean {
  const i = cell * 3;
  const red = surface[i];
  const green = surface[i + 1];
  const blue = surface[i + 2];
  const along = smooth[i] * red + smooth[i + 1] * green + smooth[i + 2] * blue;
  const full = red * red + green * green + blue * blue;
  if (along > -LEAST_DARKENING * full) return false;
  const light = along / full;
  const taken = -light * Math.sqrt(full);
  const limit = Math.max(COLOR_TOLERANCE, COLOR_SHARE * taken);
  const color = squareOf(metric, smooth[i] - light * red, smooth[i + 1] - light * green, smooth[i + 2] - light * blue);
  return color <= limit * limit;
}

/** Whether a cell is so much darker than the background that a shadow may lie there. */
export function isShade(deviation: Deviation, cell: number): boolean {
  return lightOf(deviation, cell) < -SHADE;
}

/** Mean light of some cells relative to the background's, less 1. */
export function meanLight(deviation: Deviation, cells: Int32Array): number {
  let light = 0;
  for (let k = 0; k < cells.length; k++) light += lightOf(deviation, cells[k]);
  return light / Math.max(1, cells.length);
}

/** Whether a region is darker than the background it lies on. */
export function isDarker(deviation: Deviation, cells: Int32Array): boolean {
  return meanLight(deviation, cells) < 0;
}
