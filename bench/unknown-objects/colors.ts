import type {Color} from '../../src/evaluation/robustness/canvas.ts';
import type {Random} from '../../src/training/random.ts';
import {clamp} from './outlines.ts';

export type {Color};

export function mix(first: Color, second: Color, share: number): Color {
  const part = clamp(share, 0, 1);
  const [red, green, blue] = first.map((level, c) => level * (1 - part) + second[c] * part);
  return [red, green, blue];
}

/** Brighter or darker. */
export function lit([red, green, blue]: Color, gain: number): Color {
  return [red * gain, green * gain, blue * gain];
}

/** One of the colors, with a small variation. */
export function oneOf(random: Random, ...colors: Color[]): Color {
  const [red, green, blue] = colors[random.below(colors.length)];
  const gain = random.uniform(0.85, 1.12);
  const vary = (level: number) => clamp(level * gain + random.uniform(-8, 8), 5, 250);
  return [vary(red), vary(green), vary(blue)];
}
