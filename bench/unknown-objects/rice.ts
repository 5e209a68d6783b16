import type {Random} from '../../src/training/random.ts';
import {type Color, lit, mix, oneOf} from './colors.ts';
import {egg, ellipse, halfPlane, intersection, moved, type Outline, rough, without} from './outlines.ts';
import {dome, type Part} from './render.ts';
import {fractal, streaks} from './texture.ts';

/** Mean axes of the five varieties in the Rice Image Dataset, in pixels, and their colors. */
const VARIETIES: readonly {length: number; width: number; color: Color}[] = [
  {length: 140, width: 72, color: [208, 210, 214]},
  {length: 204, width: 49, color: [217, 219, 240]},
  {length: 198, width: 93, color: [234, 237, 231]},
  {length: 145, width: 47, color: [206, 209, 215]},
  {length: 114, width: 74, color: [202, 204, 224]},
];

interface Grain {
  length: number;
  width: number;
  outline: Outline;
  part: Part;
}

/** Half of a white grain. */
export function brokenRice(random: Random): Part[] {
  const {length, outline, part} = whiteGrain(random, 1);
  const along = length * random.uniform(-0.1, 0.1);
  const ragged = fractal(random, 12);
  const side = random.chance(0.5) ? 0 : Math.PI;
  const cut = halfPlane([along, 0], side + random.uniform(-0.35, 0.35));
  const half = intersection(
    outline,
    rough(cut, (x, y) => 2 * ragged(x, y)),
  );
  const middle = (Math.cos(side) * length) / 4 + along / 2;
  const height: Part['height'] = (x, y) => part.height(x, y, outline(x, y));
  return [shifted({...part, outline: half, height}, -middle, 0, 0)];
}

/** Two white grains that touch, in a V or a T. */
export function stuckGrains(random: Random): Part[] {
  const variety = random.below(VARIETIES.length);
  const size = Math.min(1, 150 / VARIETIES[variety].length);
  const first = whiteGrain(random, size, variety);
  const second = whiteGrain(random, size, variety);
  const overlap = first.width * random.uniform(0.05, 0.15);
  if (random.chance(0.5)) {
    const angle = random.uniform(1.3, 1.85);
    const rise = (second.length + first.width) / 4 - overlap / 2;
    return [shifted(first.part, 0, -rise, 0), shifted(second.part, random.uniform(-12, 12), rise, angle)];
  }
  const spread = Math.atan((1.5 * first.width) / first.length) + random.uniform(0, 0.25);
  const reach = first.length / 2 - overlap;
  const [dx, dy] = [reach * (Math.cos(spread) - 0.9), reach * Math.sin(spread)];
  return [shifted(first.part, dx, -dy, -spread), shifted(second.part, dx, dy, spread)];
}

/** Whole grains with red, brown or black bran. */
export function coloredRice(random: Random): Part[] {
  const {length, width} = VARIETIES[random.below(VARIETIES.length)];
  const size = random.uniform(0.9, 1.05);
  const bran = oneOf(random, [120, 50, 38], [145, 75, 50], [48, 32, 45], [35, 28, 34], [150, 105, 65]);
  const lines = streaks(random, length / 4, width / 10);
  const worn = fractal(random, 20);
  const germ = moved(ellipse(length * 0.16, width * 0.45), length * 0.38, width * 0.2);
  return [
    {
      outline: egg(length * size, width * size, random.uniform(0.1, 0.3), 2.3),
      height: dome((width * size) / 2, 0.5),
      color: (x, y) => {
        const coat = lit(bran, 1 + 0.2 * lines(x, y) + (germ(x, y) > 0 ? 0.35 : 0));
        return mix(coat, [200, 170, 140], worn(x, y) > 0.55 ? 0.35 : 0);
      },
      gloss: 0.15,
    },
  ];
}

/** A polished grain: flat shading, a chalky center, a bright rim and the notch of the germ. */
function whiteGrain(random: Random, size: number, variety = random.below(VARIETIES.length)): Grain {
  const mean = VARIETIES[variety];
  const length = mean.length * size * random.uniform(0.93, 1.07);
  const width = mean.width * size * random.uniform(0.93, 1.07);
  const side = random.chance(0.5) ? 1 : -1;
  const notch = moved(ellipse(width * 0.72, width * 0.72), length * 0.46, side * width * 0.52);
  const outline = without(egg(length, width, random.uniform(0.1, 0.3), 2.4), notch);
  const mottle = fractal(random, 14);
  const chalk = random.uniform(-0.03, 0.12);
  const part: Part = {
    outline,
    height: (x, y, depth) => 0.3 * dome(width / 2, 0.5)(x, y, depth),
    color: (x, y, depth) => {
      const rim = Math.exp(-(((depth - 2) / 1.5) ** 2));
      return lit(mean.color, 0.97 + (chalk * 2 * depth) / width + 0.07 * rim + 0.04 * mottle(x, y));
    },
    gloss: 0.05,
  };
  return {length, width, outline, part};
}

/** A part, moved and rotated. */
function shifted(part: Part, dx: number, dy: number, angle: number): Part {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const back = (x: number, y: number): [number, number] => [
    (x - dx) * cos + (y - dy) * sin,
    (y - dy) * cos - (x - dx) * sin,
  ];
  return {
    outline: moved(part.outline, dx, dy, angle),
    height: (x, y, depth) => part.height(...back(x, y), depth),
    color: (x, y, depth) => part.color(...back(x, y), depth),
    gloss: part.gloss,
  };
}
