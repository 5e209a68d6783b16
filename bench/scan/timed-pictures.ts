import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {encodeJpeg} from '../../src/image/formats/jpeg/encode.ts';
import type {Frame} from '../../src/image/frame.ts';
import {Random} from '../../src/training/random.ts';
import {composeScene} from '../scenes/compose.ts';
import type {GrainPictures} from '../scenes/grain-pictures.ts';

/** Writes the pictures whose scan is timed: 12 megapixels with 200 grains, and 50 megapixels. */
export async function writeTimedPictures(
  folder: string,
  pictures: GrainPictures,
  seed: number,
): Promise<{name: string; path: string; reference: boolean}[]> {
  const {frame} = composeScene(
    {
      width: 4000,
      height: 3000,
      ground: 'black felt',
      grains: 200,
      scale: 0.8,
      overlap: 'touching',
      joined: 0.3,
      shadow: 0.2,
      gradient: 0.15,
    },
    new Random(seed, 'timed'),
    pictures,
  );
  const save = async (name: string, picture: Frame, reference: boolean) => {
    const path = join(folder, `${name.replaceAll(' ', '-')}.jpg`);
    writeFileSync(path, await encodeJpeg(picture, 90));
    return {name, path, reference};
  };
  return [
    await save('12 megapixels with 200 grains', frame, true),
    await save('50 megapixels with 800 grains', fourTimes(frame), false),
  ];
}

/** Four copies side by side, with a little added to reach 50 megapixels: cheaper than to compose as much. */
function fourTimes({width, height, data}: Frame): Frame {
  const [wide, high] = [2 * width + 166, 2 * height + 120];
  const all = new Uint8Array(wide * high * 3);
  for (let y = 0; y < high; y++)
    for (let x = 0; x < wide; ) {
      const part = Math.min(width, wide - x);
      const from = (y % height) * width * 3;
      all.set(data.subarray(from, from + part * 3), (y * wide + x) * 3);
      x += part;
    }
  return {width: wide, height: high, data: all};
}
