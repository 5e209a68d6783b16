import type {Frame} from '../../../image/frame.ts';

/** Brightness of a reduced picture, 0 to 255. */
export interface GrayPicture {
  width: number;
  height: number;
  data: Uint8Array;
  /** Pixels of the picture per pixel of this one. */
  factor: number;
}

/** Long enough to tell the cells of a marker when the whole sheet is in the picture. */
const SIDE = 1000;

/** A reduced picture in gray: of every box of pixels, at most four are read, so that it takes a few ms whatever the size. */
export function grayPicture({width, height, data}: Frame): GrayPicture {
  const factor = Math.max(1, Math.ceil(Math.max(width, height) / SIDE));
  const [columns, rows] = [Math.floor(width / factor), Math.floor(height / factor)];
  const out = new Uint8Array(columns * rows);
  const [first, second] = [Math.floor(factor / 4), Math.floor((3 * factor) / 4)];
  for (let y = 0; y < rows; y++) {
    const [upper, lower] = [(y * factor + first) * width, (y * factor + second) * width];
    for (let x = 0; x < columns; x++) {
      const [left, right] = [x * factor + first, x * factor + second];
      let sum = 0;
      for (const pixel of [upper + left, upper + right, lower + left, lower + right])
        sum += data[pixel * 3] + 2 * data[pixel * 3 + 1] + data[pixel * 3 + 2];
      out[y * columns + x] = sum >> 4;
    }
  }
  return {width: columns, height: rows, data: out, factor};
}

/** 1 where a pixel is clearly darker than the mean of those around it, over a square of a twelfth of the longer side. */
export function darkerThanAround({width, height, data}: GrayPicture): Uint8Array {
  const half = Math.max(6, Math.round(Math.max(width, height) / 24));
  const stride = width + 1;
  const sums = new Uint32Array(stride * (height + 1));
  for (let y = 0; y < height; y++) {
    let row = 0;
    for (let x = 0; x < width; x++) {
      row += data[y * width + x];
      sums[(y + 1) * stride + x + 1] = sums[y * stride + x + 1] + row;
    }
  }
  const dark = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const [top, bottom] = [Math.max(0, y - half) * stride, Math.min(height, y + half + 1) * stride];
    for (let x = 0; x < width; x++) {
      const [left, right] = [Math.max(0, x - half), Math.min(width, x + half + 1)];
      const area = ((bottom - top) / stride) * (right - left);
      const mean = (sums[bottom + right] - sums[bottom + left] - sums[top + right] + sums[top + left]) / area;
      if (data[y * width + x] < 0.88 * mean - 4) dark[y * width + x] = 1;
    }
  }
  return dark;
}
