import type {Frame} from '../../../../image/frame.ts';
import type {Shown} from '../messages.ts';

/** Rows that are read at once: some phones allow no canvas of more than 16 megapixels, and none has memory to waste. */
const STRIP_PIXELS = 1 << 20;

/** The pixels of a bitmap as RGB, alpha over black. */
export function frameOf(bitmap: ImageBitmap): Frame {
  const {width, height} = bitmap;
  const rows = Math.min(height, Math.max(1, Math.floor(STRIP_PIXELS / width)));
  const canvas = new OffscreenCanvas(width, rows);
  const context = canvas.getContext('2d', {willReadFrequently: true})!;
  const data = new Uint8Array(width * height * 3);
  let at = 0;
  for (let top = 0; top < height; top += rows) {
    context.fillStyle = '#000';
    context.fillRect(0, 0, width, rows);
    context.drawImage(bitmap, 0, -top);
    const strip = context.getImageData(0, 0, width, Math.min(rows, height - top)).data;
    for (let i = 0; i < strip.length; i += 4) {
      data[at++] = strip[i];
      data[at++] = strip[i + 1];
      data[at++] = strip[i + 2];
    }
  }
  return {width, height, data};
}

/** RGB as a canvas takes it. */
export function shownPixels({width, height, data}: Frame): Shown {
  const shown = new Uint8ClampedArray(width * height * 4);
  for (let i = 0, at = 0; i < data.length; i += 3) {
    shown[at++] = data[i];
    shown[at++] = data[i + 1];
    shown[at++] = data[i + 2];
    shown[at++] = 255;
  }
  return {width, height, data: shown};
}
