import type {Sprite} from './sprite.ts';
import type {Mask} from './types.ts';

/** The full mask of a sprite whose top left pixel is (left, top): pixels that are at least half covered. */
export function fullMask({width, height, cover}: Sprite, left: number, top: number): Mask {
  const data = new Uint8Array(width * height);
  for (let i = 0; i < data.length; i++) data[i] = cover[i] >= 128 ? 1 : 0;
  return {x: left, y: top, width, height, data};
}

/** What the label map shows of a grain within its full mask's box, cut to the scene. */
export function visibleMask(
  full: Mask,
  labels: Uint16Array,
  sceneWidth: number,
  sceneHeight: number,
  label: number,
): {mask: Mask; visible: number; within: number} {
  const left = Math.max(0, full.x);
  const top = Math.max(0, full.y);
  const width = Math.max(0, Math.min(sceneWidth, full.x + full.width) - left);
  const height = Math.max(0, Math.min(sceneHeight, full.y + full.height) - top);
  const data = new Uint8Array(width * height);
  let [visible, within] = [0, 0];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      within += full.data[(y + top - full.y) * full.width + x + left - full.x];
      if (labels[(y + top) * sceneWidth + x + left] !== label) continue;
      data[y * width + x] = 1;
      visible++;
    }
  return {mask: {x: left, y: top, width, height, data}, visible, within};
}

/** Pixels that both masks hold. */
export function sharedPixels(a: Mask, b: Mask): number {
  const left = Math.max(a.x, b.x);
  const right = Math.min(a.x + a.width, b.x + b.width);
  const top = Math.max(a.y, b.y);
  const bottom = Math.min(a.y + a.height, b.y + b.height);
  let shared = 0;
  for (let y = top; y < bottom; y++) {
    let atA = (y - a.y) * a.width + left - a.x;
    let atB = (y - b.y) * b.width + left - b.x;
    for (let x = left; x < right; x++) shared += a.data[atA++] & b.data[atB++];
  }
  return shared;
}
