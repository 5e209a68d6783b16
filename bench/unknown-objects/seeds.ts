import type {Random} from '../../src/training/random.ts';
import {type Color, lit, mix, oneOf} from './colors.ts';
import {egg, ellipse, moved, type Outline, profiled, radial, union} from './outlines.ts';
import {dome, type Part} from './render.ts';
import {fractal, streaks} from './texture.ts';

/** Wheat or barley: brown, with a crease all along, and a brush of hairs at one end. */
export function cereal(random: Random): Part[] {
  const length = random.uniform(120, 190);
  const width = length * random.uniform(0.34, 0.46);
  const skin = oneOf(random, [185, 130, 75], [205, 160, 95], [150, 95, 55]);
  const texture = streaks(random, length / 5, width / 8);
  const crease = (y: number) => Math.exp(-((y / (width * 0.07)) ** 2));
  const germ = moved(ellipse(length * 0.18, width * 0.5), length * 0.37, 0);
  return [
    {
      outline: egg(length, width, random.uniform(0.15, 0.35), 2.1),
      height: (x, y, depth) => dome(width / 2, 0.7)(x, y, depth) - width * 0.1 * crease(y),
      color: (x, y) => {
        const bran = lit(skin, 1 + 0.14 * texture(x, y) - 0.55 * crease(y));
        return germ(x, y) > 0 ? mix(bran, [225, 190, 130], 0.4) : bran;
      },
      gloss: 0.12,
    },
  ];
}

/** Striped black and white. */
export function sunflowerSeed(random: Random): Part[] {
  const length = random.uniform(140, 200);
  const width = length * random.uniform(0.42, 0.55);
  const dark: Color = oneOf(random, [42, 40, 42], [60, 55, 52]);
  const pale: Color = oneOf(random, [215, 210, 200], [190, 185, 175]);
  const stripes = random.uniform(3, 5);
  const texture = streaks(random, length / 4, width / 12);
  const outline = dropOf(length, width);
  const phase = random.uniform(-0.6, 0.6);
  return [
    {
      outline,
      height: dome(width / 2, 0.5),
      color: (x, y) => {
        const across = y / (width * 0.5 * Math.max(0.2, 1 - 0.5 * Math.abs((2 * x) / length)));
        const wave = Math.cos(Math.PI * stripes * across + phase) + 0.5 * texture(x, y);
        return mix(dark, pale, 2.5 * wave);
      },
      gloss: 0.15,
    },
  ];
}

/** A flat drop, pale with a raised rim, or dark green without its shell. */
export function pumpkinSeed(random: Random): Part[] {
  const length = random.uniform(130, 195);
  const width = length * random.uniform(0.5, 0.6);
  const shelled = random.chance(0.5);
  const skin = shelled ? oneOf(random, [75, 90, 50], [95, 105, 62]) : oneOf(random, [230, 220, 190], [240, 235, 220]);
  const texture = streaks(random, length / 6, width / 14);
  const rim = (depth: number) => (shelled ? 0 : Math.exp(-(((depth - 5) / 3) ** 2)));
  return [
    {
      outline: dropOf(length, width),
      height: (x, y, depth) => dome(width / 3, 0.4)(x, y, depth) + 2.5 * rim(depth),
      color: (x, y, depth) => lit(skin, 1 + 0.08 * texture(x, y) - 0.08 * rim(depth)),
      gloss: shelled ? 0.3 : 0.1,
    },
  ];
}

/** A brown drop with furrows along it. */
export function almond(random: Random): Part[] {
  const length = random.uniform(140, 200);
  const width = length * random.uniform(0.52, 0.65);
  const skin = oneOf(random, [160, 95, 50], [140, 80, 45], [180, 120, 70]);
  const texture = streaks(random, length / 4, width / 16);
  return [
    {
      outline: dropOf(length, width),
      height: (x, y, depth) => dome(width / 2, 0.55)(x, y, depth) + 1.6 * texture(x, y),
      color: (x, y) => lit(skin, 1 + 0.22 * texture(x, y)),
      gloss: 0.05,
    },
  ];
}

/** A shell of two lobes with a net of ridges. */
export function peanut(random: Random): Part[] {
  const length = random.uniform(150, 210);
  const radius = length * random.uniform(0.21, 0.26);
  const smaller = radius * random.uniform(0.85, 1);
  const waist = random.uniform(0.62, 0.8);
  const skin = oneOf(random, [205, 165, 110], [220, 185, 135], [190, 145, 95]);
  const texture = fractal(random, 14);
  const net = (x: number, y: number) => Math.sin(x / 4.5) ** 8 * 0.5 + Math.sin((y + 3 * texture(x, y)) / 3.2) ** 8;
  const reach = length / 2 - radius;
  const shell: Outline = union(
    moved(
      radial(() => radius),
      -reach,
      0,
    ),
    moved(
      radial(() => smaller),
      reach,
      0,
    ),
    ellipse(length * 0.8, 2 * radius * waist, 2.5),
  );
  return [
    {
      outline: shell,
      height: (x, y, depth) => dome(radius, 0.9)(x, y, depth) + 1.2 * net(x, y),
      color: (x, y) => lit(skin, 0.95 + 0.12 * net(x, y) + 0.08 * texture(x, y)),
      gloss: 0.03,
    },
  ];
}

/** A pale, open shell that shows the green nut. */
export function pistachio(random: Random): Part[] {
  const length = random.uniform(120, 175);
  const width = length * random.uniform(0.58, 0.7);
  const gap = width * random.uniform(0.1, 0.3);
  const shell = oneOf(random, [220, 200, 165], [205, 180, 140]);
  const nut = oneOf(random, [125, 130, 60], [110, 85, 75], [150, 150, 80]);
  const texture = streaks(random, length / 5, width / 9);
  const opening = moved(
    profiled(length * 1.1, (position) => (gap / 2) * Math.max(0.02, (1 - position) / 2 + 0.1)),
    -length * 0.12,
    0,
  );
  return [
    {
      outline: egg(length, width, 0.3, 2.1),
      height: dome(width / 2, 0.8),
      color: (x, y, depth) =>
        lit(shell, 1 + 0.08 * texture(x, y) - (opening(x, y) > -4 ? 0.25 : 0) - (depth < 2 ? 0.1 : 0)),
      gloss: 0.15,
    },
    {
      outline: (x, y) => Math.min(opening(x, y), egg(length, width, 0.3, 2.1)(x, y)),
      height: (x, y, depth) => dome(gap / 2, 0.8)(x, y, depth),
      color: (x, y, depth) => lit(nut, 0.55 + Math.min(0.45, depth / gap) + 0.15 * texture(x, y)),
      gloss: 0.05,
    },
  ];
}

/** Round at the left end, pointed at the right; widest at a third of its length. */
function dropOf(length: number, width: number): Outline {
  return profiled(length, (position) => {
    const along = (1 + position) / 2;
    return 0.01 + (width / 2) * 2.43 * Math.sqrt(along) * (1 - along) ** 0.85;
  });
}
