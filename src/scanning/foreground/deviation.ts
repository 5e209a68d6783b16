import type {Frame} from '../../image/frame.ts';
import {type Ground, groundRow} from './ground.ts';

/** How far every cell is from the ground, in standard deviations of the ground's texture (Mahalanobis distance). */
export interface Deviation {
  width: number;
  height: number;
  distances: Float32Array;
  /** 1 for cells that are the ground with less light, as in a shadow: darker in all channels alike. */
  shaded: Uint8Array;
}

/** A shadow takes at least and at most this share of the light. */
const LEAST_SHADE = 0.04;
const MOST_SHADE = 0.65;
/** A shadow's color may differ from the darkened ground's by this many levels, and this share of the light that it takes. */
const SHADE_TOLERANCE = 5;
const SHADE_SHARE = 0.12;

export function deviationFrom(cells: Frame, ground: Ground): Deviation {
  const {width, height, data} = cells;
  const {tile, columns, metrics} = ground;
  const distances = new Float32Array(width * height);
  const shaded = new Uint8Array(width * height);
  const row = new Float32Array(width * 3);
  for (let y = 0; y < height; y++) {
    groundRow(ground, y, width, row);
    const base = Math.floor(y / tile) * columns;
    for (let x = 0; x < width; x++) {
      const cell = y * width + x;
      const m = (base + Math.floor(x / tile)) * 6;
      const red = row[x * 3];
      const green = row[x * 3 + 1];
      const blue = row[x * 3 + 2];
      const r = data[cell * 3] - red;
      const g = data[cell * 3 + 1] - green;
      const b = data[cell * 3 + 2] - blue;
      const square =
        metrics[m] * r * r +
        metrics[m + 1] * g * g +
        metrics[m + 2] * b * b +
        2 * (metrics[m + 3] * r * g + metrics[m + 4] * r * b + metrics[m + 5] * g * b);
      distances[cell] = Math.sqrt(Math.max(0, square));
      if (r + g + b < 0 && isShade(r, g, b, red, green, blue)) shaded[cell] = 1;
    }
  }
  return {width, height, distances, shaded};
}

function isShade(r: number, g: number, b: number, red: number, green: number, blue: number): boolean {
  const full = red * red + green * green + blue * blue;
  if (full === 0) return false;
  const light = (r * red + g * green + b * blue) / full;
  if (-light < LEAST_SHADE || -light > MOST_SHADE) return false;
  const taken = -light * Math.sqrt(full);
  const limit = SHADE_TOLERANCE + SHADE_SHARE * taken;
  const dr = r - light * red;
  const dg = g - light * green;
  const db = b - light * blue;
  return dr * dr + dg * dg + db * db <= limit * limit;
}
