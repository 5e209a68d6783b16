import type {Frame} from '../../../src/image/frame.ts';
import {toFrame} from './change.ts';
import type {Grain} from './grain.ts';

/** Light from one side: all of it at one end of the picture, and evenly less to `far` at the other, in any direction. */
export function sideLit(frame: Frame, far: number, [cos, sin]: readonly [number, number]): Frame {
  const {width, height} = frame;
  const span = Math.max(width, height);
  return lit(frame, (x, y) => {
    const along = ((x + 0.5 - width / 2) * cos + (y + 0.5 - height / 2) * sin) / span;
    return 1 - (1 - far) * Math.min(1, Math.max(0, 0.5 - along));
  });
}

/** A lens that is darker towards the corners, where a share of the light is left. */
export function vignetted(frame: Frame, corner: number): Frame {
  const {width, height} = frame;
  return lit(frame, (x, y) => {
    const r2 = ((x + 0.5) / width - 0.5) ** 2 + ((y + 0.5) / height - 0.5) ** 2;
    return 1 - (1 - corner) * 2 * r2;
  });
}

function lit({width, height, data}: Frame, light: (x: number, y: number) => number): Frame {
  const levels = new Float32Array(data.length);
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at += 3) {
      const gain = light(x, y);
      for (let c = 0; c < 3; c++) levels[at + c] = data[at + c] * gain;
    }
  return toFrame(width, height, levels);
}

/** The reflection of a lamp on the grain: a white spot that is longer along its axis. */
export interface Highlight {
  /** Place along the axis, -1 to 1, and across. */
  along: number;
  across: number;
  /** Standard deviations in shares of the grain's length and breadth. */
  length: number;
  breadth: number;
  /** Levels added in its middle. */
  light: number;
}

export function highlit({width, height, data}: Frame, grain: Grain, spots: readonly Highlight[]): Frame {
  const levels = Float32Array.from(data);
  const {cover, x: centerX, y: centerY, cos, sin, from, to, breadth} = grain;
  for (let pixel = 0, at = 0; pixel < cover.length; pixel++, at += 3) {
    if (cover[pixel] === 0) continue;
    const [dx, dy] = [(pixel % width) - centerX, Math.floor(pixel / width) - centerY];
    const along = (2 * (dx * cos + dy * sin)) / (to - from);
    const across = (2 * (dy * cos - dx * sin)) / breadth;
    let light = 0;
    for (const spot of spots) {
      const u = (along - spot.along) / (2 * spot.length);
      const v = (across - spot.across) / (2 * spot.breadth);
      light += spot.light * Math.exp(-(u * u + v * v) / 2);
    }
    for (let c = 0; c < 3; c++) levels[at + c] += cover[pixel] * light;
  }
  return toFrame(width, height, levels);
}
