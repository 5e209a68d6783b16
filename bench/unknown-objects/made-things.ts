import type {Random} from '../../src/training/random.ts';
import {type Color, lit, oneOf} from './colors.ts';
import {LETTERS} from './letters.ts';
import {
  arc,
  clamp,
  ellipse,
  moved,
  type Outline,
  type Point,
  polygon,
  profiled,
  radial,
  stroke,
  union,
  without,
} from './outlines.ts';
import {dome, type Part} from './render.ts';
import {fractal} from './texture.ts';

const METALS: Color[] = [
  [165, 168, 172],
  [190, 150, 75],
  [160, 100, 65],
  [110, 112, 115],
];

/** A coin: a metal disc with a raised rim, a letter and some wear. */
export function coin(random: Random): Part[] {
  const radius = random.uniform(55, 105);
  const metal = oneOf(random, ...METALS);
  const wear = fractal(random, 22);
  const sign = signOf(random, radius * 1.0, radius * 0.14);
  const rim = radius * random.uniform(0.07, 0.12);
  const raised = (outline: Outline, x: number, y: number) => clamp(outline(x, y), 0, 2.5);
  const inner = ellipse(2 * (radius - rim), 2 * (radius - rim));
  return [
    {
      outline: ellipse(2 * radius, 2 * radius),
      height: (x, y, depth) => dome(3)(x, y, depth) - raised(inner, x, y) + raised(sign, x, y) + 0.8 * wear(x, y),
      color: (x, y) => lit(metal, 0.9 + 0.15 * wear(x, y)),
      gloss: random.uniform(0.3, 0.7),
    },
  ];
}

/** A button: a disc with a recessed middle and two or four holes. */
export function button(random: Random): Part[] {
  const radius = random.uniform(45, 85);
  const plastic = oneOf(random, [40, 60, 130], [180, 40, 45], [235, 230, 220], [60, 60, 62], [70, 130, 85]);
  const holes = random.chance(0.5) ? 2 : 4;
  const hole = ellipse(radius * 0.26, radius * 0.26);
  const sunk = ellipse(radius * 1.4, radius * 1.4);
  const places = arc([0, 0], radius * 0.26, 0, 2 * Math.PI).filter((_, i) => i < 12 && i % (12 / holes) === 0);
  return [
    {
      outline: without(ellipse(2 * radius, 2 * radius), ...places.map(([x, y]) => moved(hole, x, y))),
      height: (x, y, depth) => dome(4)(x, y, Math.min(depth, 4)) - clamp(sunk(x, y), 0, 5),
      color: () => plastic,
      gloss: random.uniform(0.3, 0.6),
    },
  ];
}

/** A washer or a wire ring. */
export function ring(random: Random): Part[] {
  const radius = random.uniform(40, 95);
  const thickness = radius * random.uniform(0.12, 0.5);
  const metal = oneOf(random, ...METALS);
  const middle = radius - thickness / 2;
  return [
    {
      outline: (x, y) => thickness / 2 - Math.abs(Math.hypot(x, y) - middle),
      height: dome(random.chance(0.5) ? thickness / 2 : 2.5),
      color: () => metal,
      gloss: 0.6,
    },
  ];
}

/** A screw with head, thread and tip, or a plain nail. */
export function screw(random: Random): Part[] {
  const length = random.uniform(130, 205);
  const thickness = random.uniform(12, 24);
  const head = thickness * random.uniform(0.9, 1.3);
  const metal = oneOf(random, ...METALS);
  const pitch = random.chance(0.7) ? thickness * random.uniform(0.3, 0.45) : 0;
  const thread = (x: number, y: number) =>
    pitch === 0 || x < -length * 0.2 ? 0 : Math.sin((2 * Math.PI * (x + 0.2 * y)) / pitch);
  const shaft = profiled(length, (position) => {
    const point = clamp((1 - position) / 0.16, 0.03, 1);
    return (thickness / 2) * point + thread((position * length) / 2, 0);
  });
  const left = -length / 2;
  const top: Point[] = [
    [left, -head],
    [left + head * 0.25, -head],
    [left + head * (pitch === 0 ? 0.3 : 0.9), -thickness / 2],
    [left + head * (pitch === 0 ? 0.3 : 0.9), thickness / 2],
    [left + head * 0.25, head],
    [left, head],
  ];
  return [
    {
      outline: shaft,
      height: (x, y, depth) => dome(thickness / 2)(x, y, depth) + 0.12 * thickness * thread(x, y),
      color: (x, y) => lit(metal, 1 + 0.15 * thread(x, y)),
      gloss: 0.5,
    },
    {outline: polygon(top), height: dome(head / 2, 0.6), color: () => metal, gloss: 0.5},
  ];
}

/** One wire with three bends. */
export function paperClip(random: Random): Part[] {
  const half = random.uniform(55, 85);
  const radius = half * random.uniform(0.22, 0.3);
  const thickness = random.uniform(6, 10);
  const wire = oneOf(random, [175, 178, 182], [175, 178, 182], [200, 50, 50], [50, 90, 180], [60, 150, 80]);
  const gap = thickness * 1.25;
  const [quarter, right] = [Math.PI / 2, half - radius];
  const points: Point[] = [
    [-half * 0.5, -radius],
    ...arc([right, 0], radius, -quarter, quarter),
    ...arc([-right, gap / 2], radius - gap / 2, quarter, 3 * quarter),
    ...arc([right - gap * 1.5, 0], radius - gap, -quarter, quarter),
    [-half * 0.35, radius - gap],
  ];
  return [{outline: stroke(points, thickness), height: dome(thickness / 2), color: () => wire, gloss: 0.7}];
}

/** A capsule of two colors or a plain white tablet, as long as a grain. */
export function pill(random: Random): Part[] {
  const width = random.uniform(38, 70);
  const length = width * random.uniform(1.5, 2.6);
  const first = oneOf(random, [235, 235, 232], [210, 60, 50], [60, 110, 180], [240, 200, 80]);
  const second = random.chance(0.4) ? first : oneOf(random, [240, 238, 230], [90, 150, 90], [230, 140, 60]);
  const seam = (x: number) => (Math.abs(x) < 1.5 ? 0.8 : 1);
  return [
    {
      outline: stroke([[(width - length) / 2, 0] as const, [(length - width) / 2, 0] as const], width),
      height: dome(width / 2),
      color: (x) => lit(x < 0 ? first : second, seam(x)),
      gloss: random.uniform(0.2, 0.5),
    },
  ];
}

/** One letter or digit, cut out or bent from wire. */
export function letter(random: Random): Part[] {
  const size = random.uniform(90, 150);
  const thickness = size * random.uniform(0.08, 0.2);
  const paint = oneOf(random, [235, 235, 235], [220, 220, 60], [210, 70, 60], [90, 170, 220]);
  return [
    {
      outline: signOf(random, size, thickness),
      height: dome(random.chance(0.5) ? thickness / 2 : 2),
      color: () => paint,
      gloss: 0.1,
    },
  ];
}

/** A scrap of paper with lines of print. */
export function printedPaper(random: Random): Part[] {
  const [length, width] = [random.uniform(110, 170), random.uniform(60, 120)];
  const slant = random.uniform(-15, 15);
  const fibre = fractal(random, 9);
  const paper = oneOf(random, [232, 230, 222], [215, 205, 180], [240, 240, 240]);
  const size = random.uniform(14, 22);
  const lines: Part[] = [];
  for (let y = -width / 2 + size; y < width / 2 - size / 2; y += size * 1.5)
    for (let x = -length / 2 + size; x < length / 2 - size; x += size * 0.85) {
      if (random.chance(0.18)) continue;
      lines.push({
        outline: moved(signOf(random, size * 0.8, size * 0.14), x, y),
        height: () => 0,
        color: () => [40, 38, 42],
        gloss: 0,
      });
    }
  const corners: Point[] = [
    [-length / 2, -width / 2],
    [length / 2, -width / 2 + slant * 0.3],
    [length / 2 - slant * 0.3, width / 2],
    [-length / 2 + slant * 0.2, width / 2],
  ];
  const sheet: Part = {
    outline: polygon(corners),
    height: (x, y) => fibre(x, y),
    color: (x, y) => lit(paper, 1 + 0.03 * fibre(x, y)),
    gloss: 0,
  };
  return [sheet, ...lines];
}

/** A flat triangle, square, pentagon, hexagon or star. */
export function flatShape(random: Random): Part[] {
  const corners = 3 + random.below(4);
  const radius = random.uniform(45, 95);
  const starred = random.chance(0.3);
  const count = starred ? 2 * (corners + 1) : corners;
  const points = Array.from({length: count}, (_, i): Point => {
    const reach = starred && i % 2 === 1 ? radius * 0.45 : radius;
    const angle = (2 * Math.PI * i) / count;
    return [reach * Math.cos(angle), reach * Math.sin(angle)];
  });
  const paint = oneOf(random, [225, 225, 225], [200, 50, 60], [60, 100, 190], [235, 190, 60], [80, 160, 90]);
  return [{outline: polygon(points), height: dome(3), color: () => paint, gloss: random.uniform(0, 0.3)}];
}

function signOf(random: Random, size: number, thickness: number): Outline {
  const strokes = LETTERS[random.below(LETTERS.length)];
  return union(
    ...strokes.map((points) => {
      const installed = points.map(([x, y]): Point => [(x - 0.5) * size * 0.65, (y - 0.5) * size]);
      return stroke(installed, thickness);
    }),
  );
}

/** A smooth body of random shape with a different color at every point. */
export function noiseBlob(random: Random): Part[] {
  const radius = random.uniform(40, 85);
  const wave = fractal(random, 1, 2);
  const cell = random.uniform(1.5, 8);
  const channels = [fractal(random, cell, 2), fractal(random, cell, 2), fractal(random, cell, 2)];
  const grey = random.chance(0.4);
  return [
    {
      outline: radial((angle) => radius * (1 + 0.35 * wave(1.3 * Math.cos(angle) + 2, 1.3 * Math.sin(angle) + 2))),
      height: () => 0,
      color: (x, y) => {
        const level = (c: number) => 128 + 120 * channels[grey ? 0 : c](x, y);
        return [level(0), level(1), level(2)];
      },
      gloss: 0,
    },
  ];
}
