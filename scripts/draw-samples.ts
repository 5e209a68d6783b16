/**
 * Draws the sample pictures in `test/samples`: `npx tsx scripts/draw-samples.ts [FOLDER]`. Each shows one grain on black
 * with the mean size and color of its variety in the Rice Image Dataset, and the notch of the lost germ. The bytes are
 * reproducible: noise and angles come from fixed seeds.
 */
import {mkdirSync, writeFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import {type Color, drawFrame, encodeJpeg, randomNumbers} from '../test/helpers/images.ts';

interface Grain {
  /** Axes in pixels. */
  length: number;
  width: number;
  color: Color;
  /** Exponent of the superellipse |x|^n + |y|^n = 1: 2 gives an ellipse, more gives blunter ends. */
  bluntness: number;
  /** How much narrower than in the middle the grain is at its germ, 0 to 1. */
  taper: number;
  /** How much brighter the center is than the rim, in levels. */
  chalk: number;
  /** How much brighter the chalky belly on the side of the germ is than the rest, in levels. */
  belly: number;
}

const SIDE = 250;
const SUBSAMPLES = 4;
const QUALITY = 75;

/** Axes, color and outline are measured means of the dataset's pictures; the chalk is estimated by eye. */
const GRAINS: Record<string, Grain> = {
  arborio: {length: 140, width: 72, color: [194, 196, 202], bluntness: 2.3, taper: 0.12, chalk: 14, belly: 44},
  basmati: {length: 204, width: 49, color: [217, 219, 240], bluntness: 2.5, taper: 0.3, chalk: -8, belly: 0},
  ipsala: {length: 198, width: 93, color: [234, 237, 231], bluntness: 2.3, taper: 0.12, chalk: 8, belly: 0},
  jasmine: {length: 145, width: 47, color: [206, 209, 215], bluntness: 2.5, taper: 0.2, chalk: 8, belly: 0},
  karacadag: {length: 114, width: 74, color: [202, 204, 224], bluntness: 2.3, taper: 0.1, chalk: 12, belly: 0},
};
const ANGLES = [24, 131];

const folder = resolve(process.argv[2] ?? fileURLToPath(new URL('../test/samples', import.meta.url)));
mkdirSync(folder, {recursive: true});
Object.entries(GRAINS).forEach(([name, grain], variety) => {
  ANGLES.forEach((angle, i) => {
    const seed = variety * ANGLES.length + i + 1;
    writeFileSync(join(folder, `${name}-${i + 1}.jpg`), drawSample(grain, angle + variety * 31, seed));
  });
});

/** One grain as a JPEG like the dataset's: 250 x 250, quality 75, chroma at half the resolution. */
function drawSample(grain: Grain, degrees: number, seed: number): Buffer {
  const random = randomNumbers(seed);
  const vary = (value: number, share: number) => value * (1 + (random() * 2 - 1) * share);
  const drawn = {...grain, length: vary(grain.length, 0.03), width: vary(grain.width, 0.03)};
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const mottle = smoothNoise(random);
  const frame = drawFrame(SIDE, SIDE, (x, y) => {
    const grey = (random() + random() - 1) * 5;
    if (Math.hypot(x + 0.5 - SIDE / 2, y + 0.5 - SIDE / 2) > drawn.length / 2 + 1) return [0, 0, 0];
    let cover = 0;
    for (let i = 0; i < SUBSAMPLES ** 2; i++) {
      const dx = x + ((i % SUBSAMPLES) + 0.5) / SUBSAMPLES - SIDE / 2;
      const dy = y + (Math.floor(i / SUBSAMPLES) + 0.5) / SUBSAMPLES - SIDE / 2;
      if (depthAt(drawn, dx * cos + dy * sin, dy * cos - dx * sin) > 0) cover++;
    }
    if (cover === 0) return [0, 0, 0];
    const [dx, dy] = [x + 0.5 - SIDE / 2, y + 0.5 - SIDE / 2];
    const depth = Math.max(0, depthAt(drawn, dx * cos + dy * sin, dy * cos - dx * sin));
    const belly = grain.belly * bellyAt(drawn, dx * cos + dy * sin, dy * cos - dx * sin);
    const light = grain.chalk * (depth - 0.5) + belly + 14 * rim(depth) + mottle(x, y) + grey;
    const share = cover / SUBSAMPLES ** 2;
    const level = (channel: number) => Math.min(255, Math.max(0, Math.round((channel + light) * share)));
    const [red, green, blue] = grain.color;
    return [level(red), level(green), level(blue)];
  });
  return encodeJpeg(frame, QUALITY);
}

/** Depth of a point in the grain: 1 at the center, 0 on the outline, negative outside or in the notch of the germ. */
function depthAt({length, width, bluntness, taper}: Grain, along: number, across: number): number {
  const u = along / (length / 2);
  const v = across / ((width / 2) * (1 - taper * Math.max(0, u) ** 2));
  const outline = 1 - (Math.abs(u) ** bluntness + Math.abs(v) ** bluntness) ** (1 / bluntness);
  // The germ was at one corner: a round notch.
  const bite = Math.hypot(along - length * 0.46, across - width * 0.52) / (width * 0.36) - 1;
  return Math.min(outline, bite);
}

/** Chalkiness of a point: 1 in the middle of the belly, falling to 0 towards both ends and the side opposite the germ. */
function bellyAt({length, width}: Grain, along: number, across: number): number {
  const u = (along + length * 0.03) / (length * 0.3);
  const v = (across - width * 0.12) / (width * 0.38);
  return Math.exp(-(u ** 4) - v ** 4);
}

/** The thin highlight along the edge. */
function rim(depth: number): number {
  return Math.exp(-(((depth - 0.06) / 0.05) ** 2));
}

/** Value noise a dozen pixels wide: bilinear interpolation of random levels on a coarse grid. */
function smoothNoise(random: () => number): (x: number, y: number) => number {
  const cell = 14;
  const columns = Math.ceil(SIDE / cell) + 2;
  const levels = Float64Array.from({length: columns * columns}, () => (random() * 2 - 1) * 7);
  return (x, y) => {
    const [column, row] = [Math.floor(x / cell), Math.floor(y / cell)];
    const [fx, fy] = [x / cell - column, y / cell - row];
    const at = (i: number, j: number) => levels[(row + j) * columns + column + i];
    const upper = at(0, 0) * (1 - fx) + at(1, 0) * fx;
    return upper * (1 - fy) + (at(0, 1) * (1 - fx) + at(1, 1) * fx) * fy;
  };
}
