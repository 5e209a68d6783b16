import type {Deviation} from './deviation.ts';
import {squareOf} from './metric.ts';

/** A shadow darkens the background by at least this share. */
const MIN_DARKENING = 0.04;
/** Darkening beyond that of a grain's rim on a background as bright as the grain. */
const SHADE = 0.06;
/** A shadow's color differs from the background's by at most this many levels, or this share of the darkening. */
const COLOR_TOLERANCE = 10;
const COLOR_SHARE = 0.15;

/** Brightness of a cell relative to the background's, minus 1. */
function lightOf({smooth, surface}: Deviation, cell: number): number {
  const i = cell * 3;
  const red = surface[i];
  const green = surface[i + 1];
  const blue = surface[i + 2];
  return (smooth[i] * red + smooth[i + 1] * green + smooth[i + 2] * blue) / (red * red + green * green + blue * blue);
}

/** Whether a cell is the background with less light: darker in all channels alike. */
export function isShadowLike({metric, surface, smooth}: Deviation, cell: number): boolean {
  const i = cell * 3;
  const red = surface[i];
  const green = surface[i + 1];
  const blue = surface[i + 2];
  const along = smooth[i] * red + smooth[i + 1] * green + smooth[i + 2] * blue;
  const full = red * red + green * green + blue * blue;
  if (along > -MIN_DARKENING * full) return false;
  const light = along / full;
  const taken = -light * Math.sqrt(full);
  const limit = Math.max(COLOR_TOLERANCE, COLOR_SHARE * taken);
  const color = squareOf(metric, smooth[i] - light * red, smooth[i + 1] - light * green, smooth[i + 2] - light * blue);
  return color <= limit * limit;
}

/** Whether a cell is dark enough to be in a shadow. */
export function isShade(deviation: Deviation, cell: number): boolean {
  return lightOf(deviation, cell) < -SHADE;
}

/** Mean brightness of some cells relative to the background's, minus 1. */
export function meanLight(deviation: Deviation, cells: Int32Array): number {
  let light = 0;
  for (let k = 0; k < cells.length; k++) light += lightOf(deviation, cells[k]);
  return light / Math.max(1, cells.length);
}

/** Whether a region is darker than its background. */
export function isDarker(deviation: Deviation, cells: Int32Array): boolean {
  return meanLight(deviation, cells) < 0;
}
