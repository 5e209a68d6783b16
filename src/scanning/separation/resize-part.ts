import type {Frame} from '../../image/frame.ts';

/** A rectangle of a frame. */
export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

type Size = {width: number; height: number};

/** A part of a frame at another size: means of boxes where it becomes smaller, bilinear where it becomes larger. */
export function resizePart(frame: Frame, box: Box, size: Size): Frame {
  const data = new Uint8Array(size.width * size.height * 3);
  for (let c = 0; c < 3; c++) {
    const read = (x: number, y: number) => frame.data[((box.top + y) * frame.width + box.left + x) * 3 + c];
    resize(read, box, size, (i, value) => {
      data[i * 3 + c] = value + 0.5;
    });
  }
  return {...size, data};
}

/** A mask at another size: 1 where at least half is. */
export function resizeMask(mask: Uint8Array, box: Size, size: Size): Uint8Array {
  const out = new Uint8Array(size.width * size.height);
  resize(
    (x, y) => mask[y * box.width + x],
    box,
    size,
    (i, value) => {
      out[i] = value >= 0.5 ? 1 : 0;
    },
  );
  return out;
}

function resize(
  read: (x: number, y: number) => number,
  from: Size,
  to: Size,
  write: (index: number, value: number) => void,
): void {
  const scaleX = from.width / to.width;
  const scaleY = from.height / to.height;
  for (let y = 0; y < to.height; y++)
    for (let x = 0; x < to.width; x++)
      write(
        y * to.width + x,
        scaleX > 1 || scaleY > 1
          ? meanOf(read, x * scaleX, y * scaleY, (x + 1) * scaleX, (y + 1) * scaleY, from)
          : between(read, (x + 0.5) * scaleX - 0.5, (y + 0.5) * scaleY - 0.5, from),
      );
}

function meanOf(
  read: (x: number, y: number) => number,
  left: number,
  top: number,
  right: number,
  bottom: number,
  {width, height}: Size,
): number {
  let sum = 0;
  let weight = 0;
  for (let y = Math.floor(top); y < Math.min(height, bottom); y++) {
    const high = Math.min(bottom, y + 1) - Math.max(top, y);
    for (let x = Math.floor(left); x < Math.min(width, right); x++) {
      const share = high * (Math.min(right, x + 1) - Math.max(left, x));
      sum += share * read(x, y);
      weight += share;
    }
  }
  return weight > 0 ? sum / weight : 0;
}

function between(read: (x: number, y: number) => number, x: number, y: number, {width, height}: Size): number {
  const left = Math.min(width - 1, Math.max(0, Math.floor(x)));
  const top = Math.min(height - 1, Math.max(0, Math.floor(y)));
  const right = Math.min(width - 1, left + 1);
  const bottom = Math.min(height - 1, top + 1);
  const u = Math.min(1, Math.max(0, x - left));
  const v = Math.min(1, Math.max(0, y - top));
  const above = read(left, top) * (1 - u) + read(right, top) * u;
  const below = read(left, bottom) * (1 - u) + read(right, bottom) * u;
  return above * (1 - v) + below * v;
}
