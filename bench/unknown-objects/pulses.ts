import type {Random} from '../../src/training/random.ts';
import {lit, mix, oneOf} from './colors.ts';
import {bent, clamp, egg, ellipse, moved, radial, union} from './outlines.ts';
import {dome, type Part} from './render.ts';
import {folds, fractal, spots, waves} from './texture.ts';

/** Dark red, white, black or speckled, bent around its pale hilum. */
export function kidneyBean(random: Random): Part[] {
  const length = random.uniform(110, 185);
  const width = length * random.uniform(0.46, 0.6);
  const skin = oneOf(random, [110, 30, 28], [225, 215, 195], [45, 38, 40], [190, 150, 120]);
  const marks = oneOf(random, [90, 40, 35], [60, 30, 30]);
  const speckled = random.chance(0.35);
  const texture = fractal(random, 16);
  const outline = bent(ellipse(length, width, 2.25), width * random.uniform(0.25, 0.4), length / 2);
  const hilum = moved(ellipse(length * 0.13, width * 0.1), 0, -width * 0.38);
  return [
    {
      outline,
      height: dome(width / 2, 0.8),
      color: (x, y) => (speckled && texture(x, y) > 0.25 ? marks : lit(skin, 1 + 0.05 * texture(x, y))),
      gloss: random.uniform(0.3, 0.6),
    },
    {outline: hilum, height: () => 0, color: () => mix(skin, [235, 225, 205], 0.7), gloss: 0.1},
  ];
}

/** A flat disc with a sharp rim. */
export function lentil(random: Random): Part[] {
  const radius = random.uniform(28, 58);
  const skin = oneOf(random, [120, 115, 65], [130, 90, 60], [205, 110, 55], [70, 70, 55], [60, 55, 60]);
  const texture = fractal(random, 18);
  const wave = waves(random, 4);
  return [
    {
      outline: radial((angle) => radius * (1 + 0.015 * wave(angle))),
      height: (_x, _y, depth) => 0.3 * radius * (1 - (1 - Math.min(1, depth / radius)) ** 2),
      color: (x, y, depth) => lit(skin, 1 + 0.16 * texture(x, y) - (depth < 4 ? 0.2 : 0)),
      gloss: random.uniform(0.05, 0.25),
    },
  ];
}

/** A wrinkled ball with a beak. */
export function chickpea(random: Random): Part[] {
  const radius = random.uniform(42, 72);
  const skin = oneOf(random, [205, 170, 115], [215, 190, 145], [120, 80, 50]);
  const wrinkles = folds(random, radius * 0.5);
  const wave = waves(random, 5);
  const body = radial((angle) => radius * (1 + 0.05 * wave(angle)));
  const beak = moved(egg(radius * 1.1, radius * 0.8, 0.5), radius * 0.7, 0);
  return [
    {
      outline: union(body, beak),
      height: (x, y, depth) => dome(radius)(x, y, depth) + radius * 0.035 * wrinkles(x, y),
      color: (x, y) => lit(skin, 1 + 0.06 * wrinkles(x, y)),
      gloss: 0.08,
    },
  ];
}

/** Wide at the top, narrow at its pale tip. */
export function maizeKernel(random: Random): Part[] {
  const length = random.uniform(95, 150);
  const width = length * random.uniform(0.7, 0.95);
  const skin = oneOf(random, [235, 175, 50], [245, 200, 85], [225, 140, 40], [120, 40, 60]);
  const texture = spots(random, 20);
  const dent = moved(ellipse(width * 0.25, width * 0.5), -length * 0.32, 0);
  return [
    {
      outline: egg(length, width, random.uniform(0.6, 0.75), random.uniform(2.4, 3)),
      height: (x, y, depth) => dome(width / 4)(x, y, depth) - 0.35 * Math.max(0, dent(x, y)),
      color: (x, y) => lit(mix(skin, [240, 225, 180], (2.2 * x) / length - 0.2), 1 + 0.06 * texture(x, y)),
      gloss: random.uniform(0.25, 0.5),
    },
  ];
}

/** A dark ball with deep folds. */
export function peppercorn(random: Random): Part[] {
  const radius = random.uniform(26, 50);
  const skin = oneOf(random, [58, 46, 38], [75, 58, 45], [50, 45, 45]);
  const wrinkles = folds(random, radius * 0.45);
  const wave = waves(random, 6);
  return [
    {
      outline: radial((angle) => radius * (1 + 0.025 * wave(angle))),
      height: (x, y, depth) => dome(radius)(x, y, depth) + radius * 0.1 * wrinkles(x, y),
      color: (x, y) => lit(skin, 1 + 0.35 * wrinkles(x, y)),
      gloss: 0.12,
    },
  ];
}

/** The flat side with the winding slit, or the round side. */
export function coffeeBean(random: Random): Part[] {
  const length = random.uniform(110, 165);
  const width = length * random.uniform(0.64, 0.76);
  const skin = oneOf(random, [100, 62, 38], [72, 45, 30], [50, 34, 26], [140, 95, 60]);
  const texture = fractal(random, 12);
  const swing = width * random.uniform(0.04, 0.09);
  const thickness = width * random.uniform(0.05, 0.09);
  const fromSlit = (x: number, y: number) => Math.abs(y - swing * Math.sin((2 * Math.PI * x) / length));
  const groove = (x: number, y: number) => Math.exp(-((fromSlit(x, y) / thickness) ** 2));
  const slit = random.chance(0.85) ? groove : () => 0;
  return [
    {
      outline: ellipse(length, width, 2.1),
      height: (x, y, depth) => dome(width / 2, 0.55)(x, y, depth) - width * 0.07 * slit(x, y),
      color: (x, y) => mix(lit(skin, 1 + 0.1 * texture(x, y)), clampDark(skin), slit(x, y) * 0.85),
      gloss: random.uniform(0.1, 0.45),
    },
  ];
}

function clampDark([red, green, blue]: readonly [number, number, number]): [number, number, number] {
  return [clamp(red * 0.35, 12, 60), clamp(green * 0.35, 10, 50), clamp(blue * 0.35, 8, 40)];
}
