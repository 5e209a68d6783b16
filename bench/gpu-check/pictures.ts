/** Drawn grains: as prepared windows for single steps, as JPEGs for whole commands. */
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {encodeJpeg} from '../../src/image/formats/jpeg/encode.ts';
import type {Frame} from '../../src/image/frame.ts';
import type {WindowSize} from '../../src/image/window/canvas.ts';
import {Random} from '../../src/training/random.ts';
import {CLASSES} from './plan.ts';

const SIDE = 250;
const QUALITY = 75;
const NOISE = 8;
/** Length and width of each variety as shares of the frame's width. */
const SHAPES = [
  [0.56, 0.29],
  [0.82, 0.2],
  [0.79, 0.37],
  [0.58, 0.19],
  [0.46, 0.3],
];

/** An ellipse on black, whose shape and color depend on the label. */
function drawGrain(size: WindowSize, label: number, degrees: number, random: Random): Frame {
  const {width, height} = size;
  const vary = (value: number) => value * width * (0.95 + 0.1 * random.uniform());
  const [length, breadth] = SHAPES[label].map(vary);
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [dx, dy] = [x + 0.5 - width / 2, y + 0.5 - height / 2];
      const [along, across] = [(dx * cos + dy * sin) / (length / 2), (dy * cos - dx * sin) / (breadth / 2)];
      if (along ** 2 + across ** 2 > 1) continue;
      for (let c = 0; c < 3; c++)
        data[(y * width + x) * 3 + c] = 190 + 5 * label + 6 * c - 20 * across ** 2 + NOISE * random.uniform();
    }
  }
  return {width, height, data};
}

/** A batch of prepared windows, the same for the same seed: the labels alternate. */
export function drawBatch(count: number, size: WindowSize, seed: number): {image: Uint8Array; labels: Uint8Array} {
  const random = new Random(seed, 'gpu-check');
  const image = new Uint8Array(count * size.width * size.height * 3);
  const labels = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    labels[i] = i % CLASSES;
    image.set(drawGrain(size, labels[i], 0, random).data, i * size.width * size.height * 3);
  }
  return {image, labels};
}

/** Writes JPEGs into one folder a variety, and each of them several times into one flat folder. */
export async function writePictures(labeled: string, flat: string, count: number, copies: number): Promise<void> {
  const random = new Random(1, 'gpu-check');
  mkdirSync(flat, {recursive: true});
  for (let i = 0; i < count; i++) {
    const label = i % CLASSES;
    const jpeg = await encodeJpeg(
      drawGrain({width: SIDE, height: SIDE}, label, 180 * random.uniform(), random),
      QUALITY,
    );
    const folder = join(labeled, `variety-${label + 1}`);
    mkdirSync(folder, {recursive: true});
    writeFileSync(join(folder, `${i}.jpg`), jpeg);
    for (let copy = 0; copy < copies; copy++) writeFileSync(join(flat, `${i}-${copy}.jpg`), jpeg);
  }
}
