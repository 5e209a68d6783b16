import type {Deviation} from './deviation.ts';
import {squareOf} from './metric.ts';
import type {Mask} from './morphology.ts';

/** A shadow takes at least this share of the light. */
const LEAST_DARKENING = 0.04;
/** A shadow's colour strays from the ground's by no more levels than this, or this share of what it takes. */
const COLOUR_TOLERANCE = 10;
const COLOUR_SHARE = 0.15;

/** The light at a cell relative to the ground's, less 1. */
function lightOf({smooth, surface}: Deviation, cell: number): number {
  const i = cell * 3;
  const [red, green, blue] = [surface[i], surface[i + 1], surface[i + 2]];
  return (smooth[i] * red + smooth[i + 1] * green + smooth[i + 2] * blue) / (red * red + green * green + blue * blue);
}

/** Cells that are the ground with less light on it: darker in all colours alike. */
export function shadowLike(deviation: Deviation): Mask {
  const {width, height, metric, surface, smooth} = deviation;
  const cells = new Uint8Array(width * height);
  for (let cell = 0, i = 0; cell < cells.length; cell++, i += 3) {
    const light = lightOf(deviation, cell);
    if (light > -LEAST_DARKENING) continue;
    const [red, green, blue] = [surface[i], surface[i + 1], surface[i + 2]];
    const taken = -light * Math.sqrt(red * red + green * green + blue * blue);
    const limit = Math.max(COLOUR_TOLERANCE, COLOUR_SHARE * taken);
    const colour = squareOf(
      metric,
      smooth[i] - light * red,
      smooth[i + 1] - light * green,
      smooth[i + 2] - light * blue,
    );
    cells[cell] = colour <= limit * limit ? 1 : 0;
  }
  return {width, height, cells};
}

/** Mean light of some cells relative to the ground's, less 1. */
export function meanLight(deviation: Deviation, {cells}: Mask): number {
  let light = 0;
  let count = 0;
  for (let cell = 0; cell < cells.length; cell++) {
    if (cells[cell] === 0) continue;
    light += lightOf(deviation, cell);
    count++;
  }
  return light / Math.max(1, count);
}

/** Whether a region is darker than the ground it lies on. */
export function isDarker(deviation: Deviation, mask: Mask): boolean {
  return meanLight(deviation, mask) < 0;
}
