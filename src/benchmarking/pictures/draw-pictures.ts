import {Xoshiro128} from '../../common/xoshiro128.ts';
import {encodeJpeg} from '../../image/formats/jpeg/encode.ts';
import type {Frame} from '../../image/frame.ts';

/** As the pictures of the Rice Image Dataset. */
const SIDE = 250;
const QUALITY = 75;
/** Levels by which a pixel of the grain strays. */
const NOISE = 9;

type Color = readonly [red: number, green: number, blue: number];

/** Mean axes in pixels and color of the five varieties in that dataset. */
const GRAINS: readonly {length: number; width: number; color: Color}[] = [
  {length: 140, width: 72, color: [194, 196, 202]},
  {length: 204, width: 49, color: [217, 219, 240]},
  {length: 198, width: 93, color: [234, 237, 231]},
  {length: 145, width: 47, color: [206, 209, 215]},
  {length: 114, width: 74, color: [202, 204, 224]},
];
/** Exponent of the superellipse |x|^n + |y|^n = 1: a little blunter than an ellipse. */
const BLUNTNESS = 2.3;

/** JPEGs of grains on black, always the same ones: what is measured with them does not depend on anybody's pictures. */
export async function drawPictures(count: number): Promise<Uint8Array[]> {
  const random = new Xoshiro128([1, 2, 3, 4]);
  const pictures: Uint8Array[] = [];
  for (let i = 0; i < count; i++)
    pictures.push(await encodeJpeg(drawGrain(GRAINS[i % GRAINS.length], random), QUALITY));
  return pictures;
}

function drawGrain({length, width, color}: (typeof GRAINS)[number], random: Xoshiro128): Frame {
  const share = () => random.integer() / 2 ** 32;
  const vary = (value: number) => value * (0.95 + 0.1 * share());
  const [a, b] = [vary(length) / 2, vary(width) / 2];
  const angle = share() * Math.PI;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [x0, y0] = [SIDE / 2 + 8 * (share() - 0.5), SIDE / 2 + 8 * (share() - 0.5)];
  const data = new Uint8Array(SIDE * SIDE * 3);
  for (let y = 0; y < SIDE; y++)
    for (let x = 0; x < SIDE; x++) {
      const [dx, dy] = [x + 0.5 - x0, y + 0.5 - y0];
      if (dx * dx + dy * dy > (a + 1) ** 2) continue;
      const [along, across] = [Math.abs(dx * cos + dy * sin) / a, Math.abs(dy * cos - dx * sin) / b];
      const radius = (along ** BLUNTNESS + across ** BLUNTNESS) ** (1 / BLUNTNESS);
      // One pixel wide: how far inside of the outline, along the shorter axis.
      const cover = Math.min(1, Math.max(0, (1 - radius) * b + 0.5));
      if (cover === 0) continue;
      const light = 12 * (1 - radius) + NOISE * (share() + share() - 1);
      for (let channel = 0; channel < 3; channel++)
        data[(y * SIDE + x) * 3 + channel] = Math.min(255, Math.max(0, (color[channel] + light) * cover));
    }
  return {width: SIDE, height: SIDE, data};
}
