import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {ROOT} from '../../cli/rice.ts';
import {reasonPictures} from '../../commands/pictures.ts';
import {
  type Color,
  drawGrain,
  encodeBmp,
  encodeGif,
  encodeJpeg,
  encodePng,
  randomNumbers,
  withExifOrientation,
} from '../../helpers/images.ts';
import {BACKGROUNDS, drawScene, VARIETIES} from '../../helpers/scenes.ts';

/** How many there are. */
export const MANY = 200;

/**
 * Pictures of every kind that matters to the answer, by file name: the samples, one for each reason, grains on all grounds,
 * turned by EXIF, large ones that are reduced, and ellipses of any size, color and place in four formats.
 */
export function manyPictures(): Map<string, Uint8Array> {
  const pictures = new Map<string, Uint8Array>();
  const samples = join(ROOT, 'test', 'samples');
  for (const name of readdirSync(samples).filter((each) => each.endsWith('.jpg')))
    pictures.set(name, readFileSync(join(samples, name)));
  for (const [reason, bytes] of Object.entries(reasonPictures())) pictures.set(`reason ${reason}.jpg`, bytes);
  for (const [i, ground] of Object.values(BACKGROUNDS).entries())
    pictures.set(`ground-${i}.png`, encodePng(drawScene(ground, i + 1, {size: 180}).frame));
  for (let orientation = 1; orientation <= 8; orientation++)
    pictures.set(`turned-${orientation}.jpg`, withExifOrientation(encodeJpeg(grain(orientation, 200)), orientation));
  for (const side of [700, 1100]) pictures.set(`large-${side}.jpg`, encodeJpeg(grain(side, side)));
  for (let seed = 1; pictures.size < MANY; seed++) {
    const frame = grain(seed, 100 + ((seed * 53) % 150));
    const [extension, encode] = ENCODERS[seed % ENCODERS.length];
    pictures.set(`grain-${seed}.${extension}`, encode(frame));
  }
  return pictures;
}

type Frame = ReturnType<typeof drawGrain>;

const ENCODERS: readonly [extension: string, encode: (frame: Frame) => Uint8Array][] = [
  ['jpg', (frame) => encodeJpeg(frame, 92, '444')],
  ['png', encodePng],
  ['jpg', (frame) => encodeJpeg(frame, 75)],
  ['bmp', (frame) => encodeBmp(frame)],
  ['gif', (frame) => encodeGif([frame])],
];

/** An ellipse of a variety's shape, more or less. */
function grain(seed: number, size: number): Frame {
  const random = randomNumbers(seed);
  const varieties = Object.values(VARIETIES);
  const {length, width, color} = varieties[seed % varieties.length];
  const zoom = (size / 250) * (0.6 + 0.5 * random());
  const stray = (level: number) => Math.min(255, Math.round(level + 40 * (random() - 0.5)));
  const dark = Math.round(60 * random() ** 3);
  return drawGrain({
    size,
    length: length * zoom * (0.9 + 0.2 * random()),
    width: width * zoom * (0.9 + 0.2 * random()),
    angle: 180 * random(),
    color: color.map(stray) as unknown as Color,
    background: [dark, dark, dark],
    x: size * (0.45 + 0.1 * random()),
    y: size * (0.45 + 0.1 * random()),
    noise: 4,
    seed,
  });
}
