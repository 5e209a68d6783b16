import {mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {decodeImage} from '../../src/image/decode.ts';
import {encodePng} from '../../src/image/formats/png/encode.ts';
import type {Frame} from '../../src/image/frame.ts';

/** The side of what is cut out, for the longer side of the box. */
const MARGIN = 1.5;
/** The class of whole grains of rice. */
const WHOLE = 0;

/**
 * Cuts the whole grains out of photographs whose boxes are known, as someone would who crops them by hand: `PHOTOGRAPH/N.png`.
 * Others may be seen at the border.
 *
 * @param folder photographs, each with a text file of its name: class, center and size of a box a line, as shares of the sides
 */
export async function cutBoxes(folder: string, to: string): Promise<void> {
  for (const file of readdirSync(folder).sort()) {
    if (!file.endsWith('.txt')) continue;
    const name = file.slice(0, -4);
    const {frame} = await decodeImage(readFileSync(join(folder, `${name}.jpg`)));
    mkdirSync(join(to, name), {recursive: true});
    const boxes = readFileSync(join(folder, file), 'utf8').split('\n').filter(Boolean);
    boxes.forEach((line, number) => {
      const [kind, x, y, width, height] = line.split(' ').map(Number);
      if (kind !== WHOLE) return;
      const side = Math.round(MARGIN * Math.max(width * frame.width, height * frame.height));
      const [left, top] = [Math.round(x * frame.width - side / 2), Math.round(y * frame.height - side / 2)];
      writeFileSync(join(to, name, `${number}.png`), encodePng(cropped(frame, left, top, side)));
    });
  }
}

/** What of a square lies within the picture. */
function cropped({width, height, data}: Frame, left: number, top: number, side: number): Frame {
  const [begin, end] = [Math.max(0, left), Math.min(width, left + side)];
  const [first, last] = [Math.max(0, top), Math.min(height, top + side)];
  const cut = new Uint8Array((end - begin) * (last - first) * 3);
  for (let y = first; y < last; y++)
    cut.set(data.subarray((y * width + begin) * 3, (y * width + end) * 3), (y - first) * (end - begin) * 3);
  return {width: end - begin, height: last - first, data: cut};
}
