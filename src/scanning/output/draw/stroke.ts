import type {Frame} from '../../../image/frame.ts';
import type {Outline} from '../../types.ts';

export type Rgb = readonly [red: number, green: number, blue: number];

/** The channels of `#rrggbb`. */
export function rgbOf(color: string): Rgb {
  const value = Number.parseInt(color.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** Line segments, four numbers each: from (x, y) to (x, y). */
export type Segments = ArrayLike<number>;

/** The shares of pixels that a stroke covers; reused, since every grain has several. */
let covers = new Uint8Array(0);

/**
 * Draws line segments with round ends into the frame, antialiased, as one stroke: where they meet, nothing is drawn twice.
 *
 * @param width in pixels
 */
export function stroke(frame: Frame, segments: Segments, width: number, color: Rgb): void {
  const reach = width / 2 + 1;
  const box = boxOf(segments, reach, frame);
  if (box === undefined) return;
  const size = box.width * box.height;
  if (covers.length < size) covers = new Uint8Array(size);
  covers.fill(0, 0, size);
  for (let i = 0; i + 3 < segments.length; i += 4)
    coverSegment(box, segments[i], segments[i + 1], segments[i + 2], segments[i + 3], width / 2);
  blend(frame, box, color);
}

interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

function boxOf(segments: Segments, reach: number, frame: Frame): Box | undefined {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i + 1 < segments.length; i += 2) {
    left = Math.min(left, segments[i]);
    right = Math.max(right, segments[i]);
    top = Math.min(top, segments[i + 1]);
    bottom = Math.max(bottom, segments[i + 1]);
  }
  const box = {left: Math.max(0, Math.floor(left - reach)), top: Math.max(0, Math.floor(top - reach))};
  const width = Math.min(frame.width, Math.ceil(right + reach)) - box.left;
  const height = Math.min(frame.height, Math.ceil(bottom + reach)) - box.top;
  return width > 0 && height > 0 ? {...box, width, height} : undefined;
}

function coverSegment(box: Box, x0: number, y0: number, x1: number, y1: number, radius: number): void {
  const reach = radius + 1;
  const left = Math.max(0, Math.floor(Math.min(x0, x1) - reach) - box.left);
  const right = Math.min(box.width, Math.ceil(Math.max(x0, x1) + reach) - box.left);
  const top = Math.max(0, Math.floor(Math.min(y0, y1) - reach) - box.top);
  const bottom = Math.min(box.height, Math.ceil(Math.max(y0, y1) + reach) - box.top);
  const [dx, dy] = [x1 - x0, y1 - y0];
  const squared = dx * dx + dy * dy;
  for (let y = top; y < bottom; y++) {
    const py = box.top + y + 0.5 - y0;
    for (let x = left; x < right; x++) {
      const px = box.left + x + 0.5 - x0;
      const along = squared === 0 ? 0 : Math.max(0, Math.min(1, (px * dx + py * dy) / squared));
      const away = Math.hypot(px - along * dx, py - along * dy);
      const cover = Math.max(0, Math.min(1, radius + 0.5 - away)) * 255;
      const at = y * box.width + x;
      if (cover > covers[at]) covers[at] = cover;
    }
  }
}

function blend({width, data}: Frame, box: Box, color: Rgb): void {
  for (let y = 0; y < box.height; y++)
    for (let x = 0; x < box.width; x++) {
      const cover = covers[y * box.width + x] / 255;
      if (cover === 0) continue;
      const at = ((box.top + y) * width + box.left + x) * 3;
      for (let c = 0; c < 3; c++) data[at + c] = Math.round(data[at + c] + (color[c] - data[at + c]) * cover);
    }
}

/** The segments of a closed outline. */
export function segmentsOf(outline: Outline): Float64Array {
  const segments = new Float64Array(outline.length * 4);
  outline.forEach(([x, y], i) => {
    const [nextX, nextY] = outline[(i + 1) % outline.length];
    segments.set([x, y, nextX, nextY], i * 4);
  });
  return segments;
}

/** The same, dashed. @param dash length of dashes and of the gaps between them, about */
export function dashesOf(outline: Outline, dash: number): number[] {
  const segments: number[] = [];
  outline.forEach(([x, y], i) => {
    const [nextX, nextY] = outline[(i + 1) % outline.length];
    // An odd number of parts, so that every corner is drawn.
    const parts = 2 * Math.floor(Math.hypot(nextX - x, nextY - y) / dash / 2) + 1;
    const at = (part: number) => [x + ((nextX - x) * part) / parts, y + ((nextY - y) * part) / parts];
    for (let part = 0; part < parts; part += 2) segments.push(...at(part), ...at(part + 1));
  });
  return segments;
}
