import type {Frame} from '../../image/frame.ts';
import type {Color} from './canvas.ts';
import {pixelOf} from './change.ts';
import type {RandomStream} from './random-stream.ts';

/** The color of the background at a pixel of the frame. */
export type Texture = (x: number, y: number) => Color;

/** Smooth random values in [0, 1] (value noise), about one bump per unit. */
type Field = (x: number, y: number) => number;

/** Fields repeat after this many units. */
const PERIOD = 64;

/** Brown wood: broad streaks and fine fibers in a random direction. */
export function woodTexture(frame: Frame, random: RandomStream): Texture {
  const rotated = rotatedBy(2 * Math.PI * random.uniform(), pixelOf(frame));
  const streaks = fieldOf(random);
  const fibers = fieldOf(random);
  return (x, y) => {
    const [along, across] = rotated(x, y);
    const level = 0.3 * (streaks(along / 90, across / 7) - 0.5) + 0.18 * (fibers(along / 25, across / 2) - 0.5);
    return scaled([158, 112, 68], 1 + level);
  };
}

/** Blue cloth in a plain weave, with threads of different brightness. */
export function clothTexture(frame: Frame, random: RandomStream): Texture {
  const rotated = rotatedBy(2 * Math.PI * random.uniform(), pixelOf(frame));
  const warp = fieldOf(random);
  const weft = fieldOf(random);
  return (x, y) => {
    const [along, across] = rotated(x, y).map((place) => place / 5);
    const weave = 0.12 * Math.sin(2 * Math.PI * along) * Math.sin(2 * Math.PI * across);
    const threads = 0.15 * (warp(along, across / 12) - 0.5) + 0.15 * (weft(along / 12, across) - 0.5);
    return scaled([70, 84, 120], 1 + weave + threads);
  };
}

function rotatedBy(angle: number, pixel: number): (x: number, y: number) => [along: number, across: number] {
  const [cos, sin] = [Math.cos(angle) / pixel, Math.sin(angle) / pixel];
  return (x, y) => [x * cos + y * sin, y * cos - x * sin];
}

function fieldOf(random: RandomStream): Field {
  const values = Float32Array.from({length: PERIOD * PERIOD}, () => random.uniform());
  const at = (i: number, j: number) => values[(j & (PERIOD - 1)) * PERIOD + (i & (PERIOD - 1))];
  return (x, y) => {
    const [i, j] = [Math.floor(x), Math.floor(y)];
    const [fx, fy] = [x - i, y - j].map((t) => t * t * (3 - 2 * t));
    const upper = at(i, j) + fx * (at(i + 1, j) - at(i, j));
    const lower = at(i, j + 1) + fx * (at(i + 1, j + 1) - at(i, j + 1));
    return upper + fy * (lower - upper);
  };
}

function scaled([red, green, blue]: Color, gain: number): Color {
  return [red * gain, green * gain, blue * gain];
}
