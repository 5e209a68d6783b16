import type {Random} from '../../src/training/random.ts';
import {type Color, lit, mix, oneOf} from './colors.ts';
import {
  ellipse,
  halfPlane,
  intersection,
  moved,
  type Outline,
  type Point,
  profiled,
  radial,
  rough,
  stroke,
  union,
} from './outlines.ts';
import {dome, type Part} from './render.ts';
import {fractal, spots, waves} from './texture.ts';

/** Flat faces at irregular angles, worn edges and speckles. */
export function pebble(random: Random): Part[] {
  const radius = random.uniform(35, 80);
  const squeeze = random.uniform(0.55, 1);
  const stone = oneOf(random, [130, 128, 125], [150, 120, 95], [95, 95, 100], [185, 180, 172], [140, 105, 85]);
  const speckles = fractal(random, 7);
  const bumps = fractal(random, radius * 0.5);
  const sides = 5 + random.below(5);
  const planes = Array.from({length: sides}, (_, i) => {
    const angle = (2 * Math.PI * (i + random.uniform(-0.3, 0.3))) / sides;
    const reach = radius * random.uniform(0.75, 1.1);
    return halfPlane([reach * Math.cos(angle), squeeze * reach * Math.sin(angle)], angle + Math.PI);
  });
  return [
    {
      outline: rough(intersection(...planes), (x, y) => 2.5 * bumps(x, y)),
      height: (x, y, depth) => dome(radius * 0.6, 0.6)(x, y, depth) + radius * 0.08 * bumps(x, y) + speckles(x, y),
      color: (x, y) => lit(stone, 1 + 0.22 * speckles(x, y)),
      gloss: 0.05,
    },
  ];
}

/** A clear crystal with bright and dark faces. */
export function sugarCrystal(random: Random): Part[] {
  const [length, width] = [random.uniform(60, 130), random.uniform(50, 80)];
  const turns = [0, 0.5, 1, 1.5].map((turn) => turn * Math.PI + random.uniform(-0.18, 0.18));
  if (random.chance(0.6)) turns.push(random.uniform(0, 2 * Math.PI));
  const planes = turns.map((angle) => {
    const reach = Math.abs(Math.cos(angle)) > 0.7 ? length / 2 : width / 2;
    return halfPlane([reach * Math.cos(angle), reach * Math.sin(angle)], angle + Math.PI);
  });
  const slopes = planes.map(() => random.uniform(0.4, 1.4));
  const top = width * random.uniform(0.15, 0.35);
  const cloud = fractal(random, 25);
  const white = oneOf(random, [225, 228, 232], [235, 232, 222], [190, 145, 95]);
  const faces = (x: number, y: number) => planes.map((plane, i) => plane(x, y) * slopes[i]);
  return [
    {
      outline: intersection(...planes),
      height: (x, y) => Math.min(top, ...faces(x, y)),
      color: (x, y, depth) => lit(white, 0.72 + 0.16 * cloud(x, y) + (depth < 2 ? 0.25 : 0)),
      gloss: 0.7,
    },
  ];
}

/** Rough on every scale, with pores. */
export function crumb(random: Random): Part[] {
  const radius = random.uniform(35, 75);
  const bread = oneOf(random, [205, 165, 110], [150, 100, 60], [225, 205, 165], [95, 62, 42]);
  const edge = fractal(random, radius * 0.6, 5);
  const pores = fractal(random, 11, 3);
  return [
    {
      outline: (x, y) => 0.75 * (radius * (1 + 0.4 * edge(x, y)) - Math.hypot(x, y * 1.25)),
      height: (x, y, depth) => dome(radius, 0.6)(x, y, depth) + 4 * pores(x, y),
      color: (x, y) => lit(bread, pores(x, y) < -0.3 ? 0.6 : 1 + 0.2 * pores(x, y)),
      gloss: 0,
    },
  ];
}

/** Toothed or smooth, with a rib, veins and a stalk. */
export function leaf(random: Random): Part[] {
  const length = random.uniform(130, 190);
  const width = length * random.uniform(0.3, 0.6);
  const green = oneOf(random, [85, 125, 55], [60, 100, 50], [150, 120, 45], [140, 75, 40]);
  const texture = spots(random, 14);
  const teeth = random.chance(0.5) ? random.uniform(1.5, 4) : 0;
  const outline = profiled(length, (position) => {
    const whole = (width / 2) * (1 - position ** 2) ** 0.9 * (1 - 0.35 * position);
    return Math.max(0.2, whole - teeth * Math.abs(((position * 14) % 1) - 0.5));
  });
  const spacing = length / random.uniform(9, 13);
  const vein = (x: number, y: number) => {
    const side = (x - Math.abs(y) * 0.8) / spacing;
    const onSide = Math.exp(-(((side - Math.round(side)) * spacing) ** 2) / 1.2);
    return Math.max(0.7 * onSide, Math.exp(-(y ** 2) / 4));
  };
  const stalk = stroke([[-length / 2 - 22, 4] as const, [-length / 2 + 5, 0] as const], 5);
  return [
    {outline: stalk, height: dome(2.5), color: () => lit(green, 1.2), gloss: 0},
    {
      outline,
      height: (x, y) => 1.6 * vein(x, y) + 3 * texture(x, y),
      color: (x, y) => lit(mix(green, [190, 195, 120], 0.45 * vein(x, y)), 1 + 0.12 * texture(x, y)),
      gloss: 0.1,
    },
  ];
}

/** A beetle or an ant: head, thorax, abdomen, six legs and two feelers. */
export function insect(random: Random): Part[] {
  const size = random.uniform(0.7, 1.05);
  const waist = random.uniform(0.5, 1);
  const shell = oneOf(random, [48, 36, 30], [85, 50, 30], [35, 40, 48], [120, 60, 35]);
  const winged = random.chance(0.4);
  const sizes = [
    {x: -42, length: 85, width: 50 + 12 * random.uniform(-1, 1)},
    {x: 14, length: 40, width: 44 * waist},
    {x: 44, length: 30, width: 32},
  ];
  const limbs: Part[] = [];
  for (const side of [-1, 1]) {
    for (const [i, x] of [-14, 10, 24].entries()) {
      const lean = (i - 1) * 26 + random.uniform(-9, 9);
      const [knee, foot] = [random.uniform(28, 38), random.uniform(55, 75)];
      limbs.push(limb(shell, size, 4, [x, 0], [x + lean * 0.7, side * knee], [x + lean * 1.4, side * foot]));
    }
    limbs.push(limb(shell, size, 2.5, [52, side * 6], [72, side * 14], [88, side * random.uniform(12, 34)]));
  }
  const body = sizes.map(({x, length, width}): Part => {
    const seam = (y: number) => (winged && x < 0 ? Math.exp(-(y ** 2) / 3) : 0);
    return {
      outline: moved(ellipse(length * size, width * size), x * size, 0),
      height: (px, py, depth) => dome((width * size) / 2, 0.8)(px, py, depth) - 2 * seam(py),
      color: (_x, y) => lit(shell, 1 - 0.6 * seam(y)),
      gloss: 0.45,
    };
  });
  return [...limbs, ...body];
}

function limb(shell: Color, size: number, thickness: number, ...points: Point[]): Part {
  const scaled = points.map(([x, y]): Point => [x * size, y * size]);
  return {
    outline: stroke(scaled, thickness * size),
    height: dome((thickness * size) / 2),
    color: () => lit(shell, 1.3),
    gloss: 0.2,
  };
}

/** A cluster of small balls that stick together. */
export function clump(random: Random): Part[] {
  const stuff = oneOf(random, [120, 90, 65], [225, 222, 215], [190, 170, 60], [90, 95, 100]);
  const grain = fractal(random, 10);
  const wave = waves(random, 3);
  const balls = Array.from({length: 5 + random.below(6)}, (_, i): {outline: Outline; radius: number} => {
    const radius = random.uniform(14, 30);
    const away = i === 0 ? 0 : 30 + 8 * wave(i);
    const angle = i * 2.4;
    return {
      outline: moved(
        radial(() => radius),
        away * Math.cos(angle),
        away * Math.sin(angle),
      ),
      radius,
    };
  });
  const whole = union(...balls.map(({outline}) => outline));
  return [
    {
      outline: whole,
      height: (x, y) => Math.max(...balls.map(({outline, radius}) => dome(radius)(x, y, outline(x, y)))) + grain(x, y),
      color: (x, y) => lit(stuff, 1 + 0.12 * grain(x, y)),
      gloss: 0.1,
    },
  ];
}
