import type {Random} from '../../src/training/random.ts';
import type {GroundKind} from './types.ts';

type Color = readonly [red: number, green: number, blue: number];

/** What grains lie on: a color, and how bright each pixel is, 1 being usual. */
export interface Ground {
  color: Color;
  level: Float32Array;
}

interface Size {
  width: number;
  height: number;
  /** Pixels of the scene for one of the dataset: textures shrink with the grains. */
  scale: number;
}

const MAKERS: Record<GroundKind, (size: Size, random: Random) => Ground> = {
  'black felt': (size, random) => {
    const dark = random.uniform(9, 30);
    const fluff = noise(size, random, 1.6, 0.5);
    addNoise(fluff, size, random, 6, 0.25);
    addNoise(fluff, size, random, 180, 0.3);
    return {color: [dark, dark * random.uniform(0.95, 1.02), dark * random.uniform(0.95, 1.15)], level: fluff};
  },
  blue: (size, random) => {
    const gain = random.uniform(0.75, 1.2);
    const level = noise(size, random, 3, 0.05);
    addNoise(level, size, random, 250, 0.12);
    return {color: scaled(random.chance(0.5) ? [34, 84, 168] : [52, 118, 176], gain), level};
  },
  white: (size, random) => {
    const bright = random.uniform(215, 250);
    const level = noise(size, random, 2.5, 0.012);
    addNoise(level, size, random, 300, 0.025);
    return {color: [bright, bright * random.uniform(0.97, 1), bright * random.uniform(0.93, 1)], level};
  },
  'grey cloth': (size, random) => cloth(size, random, [118, 120, 124], 0.09),
  'violet cloth': (size, random) => cloth(size, random, [96, 62, 128], 0.14),
  'ridged wood': (size, random) => {
    const level = ridges(size, random);
    addNoise(level, size, random, 2.5, 0.06);
    return {color: random.chance(0.5) ? [134, 88, 52] : [92, 62, 42], level};
  },
  'beige paper': (size, random) => {
    const level = noise(size, random, 2, 0.03);
    addNoise(level, size, random, 30, 0.03);
    return {color: scaled([186, 160, 122], random.uniform(0.75, 1.05)), level};
  },
  green: (size, random) => {
    const level = noise(size, random, 2.5, 0.06);
    addNoise(level, size, random, 200, 0.15);
    return {color: scaled([44, 110, 66], random.uniform(0.7, 1.2)), level};
  },
};

export function makeGround(kind: GroundKind, size: Size, random: Random): Ground {
  return MAKERS[kind](size, random);
}

function scaled([red, green, blue]: Color, gain: number): Color {
  return [red * gain, green * gain, blue * gain];
}

/** 1 with smooth bumps of `size` dataset pixels and the amplitude `depth`. */
function noise(size: Size, random: Random, bump: number, depth: number): Float32Array {
  const level = new Float32Array(size.width * size.height).fill(1);
  addNoise(level, size, random, bump, depth);
  return level;
}

/** Random values on a lattice, interpolated. */
function addNoise(
  level: Float32Array,
  {width, height, scale}: Size,
  random: Random,
  bump: number,
  depth: number,
): void {
  const cell = Math.max(1, bump * scale);
  const columns = Math.ceil(width / cell) + 2;
  const rows = Math.ceil(height / cell) + 2;
  const lattice = Float32Array.from({length: columns * rows}, () => random.uniform(-depth, depth));
  const line = new Float32Array(columns);
  for (let y = 0, i = 0; y < height; y++) {
    const row = Math.floor(y / cell);
    const fy = y / cell - row;
    for (let c = 0; c < columns; c++)
      line[c] = lattice[row * columns + c] * (1 - fy) + lattice[(row + 1) * columns + c] * fy;
    for (let x = 0; x < width; x++, i++) {
      const place = x / cell;
      const column = Math.floor(place);
      level[i] += line[column] + (place - column) * (line[column + 1] - line[column]);
    }
  }
}

/** A plain weave with folds. */
function cloth(size: Size, random: Random, color: Color, depth: number): Ground {
  const {width, height, scale} = size;
  const pitch = Math.max(2.2, random.uniform(5, 9) * scale);
  const angle = random.uniform(0, Math.PI);
  const [cos, sin] = [Math.cos(angle) / pitch, Math.sin(angle) / pitch];
  const threads = Float32Array.from({length: 4096}, () => random.uniform(-0.05, 0.05));
  const wave = Float32Array.from({length: 256}, (_, i) => Math.sin((2 * Math.PI * i) / 256));
  const level = noise(size, random, 400, 0.18);
  addNoise(level, size, random, 2, 0.06);
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i++) {
      const u = x * cos + y * sin + 8192;
      const v = y * cos - x * sin + 8192;
      level[i] +=
        depth * wave[(u * 256) & 255] * wave[(v * 256) & 255] + threads[(u * 2) & 4095] + threads[(v * 2) & 4095];
    }
  return {color: scaled(color, random.uniform(0.7, 1.15)), level};
}

/** Boards with streaks and with ridges that are dark on one side and light on the other. */
function ridges({width, height, scale}: Size, random: Random): Float32Array {
  const angle = random.uniform(0, Math.PI);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const pitch = random.uniform(40, 90) * scale;
  const streaks = Float32Array.from({length: 4096}, () => random.uniform(-0.12, 0.12));
  const profile = Float32Array.from({length: 256}, (_, i) => {
    const at = i / 256;
    return 0.16 * Math.exp(-(((at - 0.45) / 0.06) ** 2)) - 0.3 * Math.exp(-(((at - 0.55) / 0.05) ** 2));
  });
  const level = new Float32Array(width * height);
  const streak = 3 * scale;
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i++) {
      const v = y * cos - x * sin + 65536;
      const u = x * cos + y * sin + 65536;
      const wander = v / streak + 0.6 * Math.sin(u / (130 * scale));
      const j = Math.floor(wander);
      const a = streaks[j & 4095];
      level[i] = 1 + a + (wander - j) * (streaks[(j + 1) & 4095] - a) + profile[((v / pitch) * 256) & 255];
    }
  return level;
}
