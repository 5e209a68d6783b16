import type {Random} from '../../src/training/random.ts';
import type {GrainPictures} from '../scenes/grain-pictures.ts';
import {makeSprite} from '../scenes/sprite.ts';

/** A grain ready to be laid: red, green and blue multiplied by the cover, and the cover. */
export interface Piece {
  width: number;
  height: number;
  data: Uint8Array;
  cover: Uint8Array;
}

/** A grain of the dataset. @param length of the whole grain in pixels @param broken how often a piece of it is broken off */
export function picturedPiece(pictures: GrainPictures, length: number, broken: number, random: Random): Piece {
  const source = pictures.draw(random);
  const kept = random.chance(broken) ? random.uniform(0.25, 0.8) : 1;
  return makeSprite(source, {scale: length / source.length, angle: random.uniform(0, 2 * Math.PI), kept}, random);
}

/** What the grains of one sample have in common, so that a scene looks like one variety, or two. */
export interface Kind {
  length: number;
  aspect: number;
  /** Exponent of the superellipse: 2 is an ellipse, larger ones have fuller ends. */
  exponent: number;
  taper: number;
  bend: number;
  color: readonly [number, number, number];
  /** How much darker the rim is. */
  rim: number;
  texture: number;
  broken: number;
}

export function drawKind(random: Random): Kind {
  const grey = random.uniform(90, 245);
  const tint = random.uniform(0, 50);
  const color: Kind['color'] = random.chance(0.5)
    ? [grey, grey - 0.4 * tint, grey - tint]
    : [grey - tint, grey - 0.3 * tint, grey];
  return {
    length: 40 * Math.exp(random.uniform(-0.45, 0.5)),
    aspect: random.chance(0.1) ? random.uniform(1, 1.5) : random.uniform(1.4, 5),
    exponent: random.uniform(1.9, 3.2),
    taper: random.uniform(0, 0.35),
    bend: random.chance(0.3) ? random.uniform(0, 0.12) : 0,
    color,
    rim: random.uniform(-0.1, 0.4),
    texture: random.uniform(0, 0.08),
    broken: random.chance(0.4) ? random.uniform(0.1, 1) : 0.05,
  };
}

/** A grain that no camera saw: a superellipse, tapered, bent, perhaps broken, shaded as a rounded body. */
export function drawnPiece(kind: Kind, random: Random): Piece {
  const length = kind.length * Math.exp(0.1 * random.normal());
  const [a, b] = [length / 2, length / 2 / (kind.aspect * Math.exp(0.08 * random.normal()))];
  const angle = random.uniform(0, 2 * Math.PI);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const side = Math.ceil(2 * Math.max(a, b) * (1 + kind.bend)) + 4;
  const data = new Uint8Array(side * side * 3);
  const cover = new Uint8Array(side * side);
  const middle = side / 2 + random.uniform(-0.5, 0.5);
  const exponent = kind.exponent * Math.exp(0.1 * random.normal());
  const taper = kind.taper * random.uniform(-1, 1);
  const bend = kind.bend * random.uniform(-1, 1) * a;
  const isBroken = random.chance(kind.broken);
  const cut = isBroken ? a * random.uniform(-0.5, 0.7) : 2 * a;
  const slant = random.uniform(-0.6, 0.6);
  const chalk = random.chance(0.3)
    ? {u: random.uniform(-0.5, 0.5) * a, radius: random.uniform(0.3, 0.8) * a}
    : undefined;
  const lit = random.uniform(0, 2 * Math.PI);
  const relief = random.uniform(0, 0.2);
  const light = {x: relief * Math.cos(lit), y: relief * Math.sin(lit)};
  const stripes = random.uniform(0.1, 0.6);
  const phase = random.uniform(0, 6);
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      const dx = x + 0.5 - middle;
      const dy = y + 0.5 - middle;
      const u = dx * cos + dy * sin;
      let v = dy * cos - dx * sin;
      v -= bend * (1 - (2 * u * u) / (a * a));
      const breadth = b * (1 + (taper * u) / a);
      const p = Math.abs(u / a);
      const q = Math.abs(v / breadth);
      if (p > 1.1 + 1 / a || q > 1.1 + 1 / b) continue;
      const norm = (p ** exponent + q ** exponent) ** (1 / exponent);
      // The distance to the outline, to first order: the norm's slope is about 1 / radius there.
      const slope =
        norm > 0 ? norm ** (1 - exponent) * Math.hypot(p ** (exponent - 1) / a, q ** (exponent - 1) / breadth) : 1 / b;
      const inside = Math.min((1 - norm) / slope, cut - u - slant * v) + 0.5;
      if (!(inside > 0)) continue;
      const share = Math.min(1, inside);
      const round = Math.min(1, norm);
      let level = 1 - kind.rim * round ** 3 + (dx * light.x + dy * light.y) / a;
      level += kind.texture * Math.sin(stripes * v * 3 + phase) * Math.cos(stripes * u + phase);
      if (chalk && Math.hypot(u - chalk.u, v) < chalk.radius) level *= 1.15;
      const at = y * side + x;
      cover[at] = Math.round(255 * share);
      for (let c = 0; c < 3; c++)
        data[at * 3 + c] = Math.round(Math.min(255, Math.max(0, kind.color[c] * level)) * share);
    }
  return {width: side, height: side, data, cover};
}
