import type {Frame} from '../../image/frame.ts';
import {backgroundOf} from '../../image/grain/background/estimate-background.ts';

export type Color = readonly [red: number, green: number, blue: number];

/** The median color along the border of the frame, which fills the area that a moved scene uncovers. */
export function borderColor(frame: Frame): Color {
  const {red, green, blue} = backgroundOf(frame);
  return [red, green, blue];
}

/** A frame of one color. */
export function filled(width: number, height: number, [red, green, blue]: Color): Frame {
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < data.length; i += 3) {
    data[i] = red;
    data[i + 1] = green;
    data[i + 2] = blue;
  }
  return {width, height, data};
}

/** Copies a frame onto another one, in place, clipped to the target. */
export function paste(target: Frame, {width, height, data}: Frame, left: number, top: number): void {
  const first = Math.max(0, -left);
  const last = Math.min(width, target.width - left);
  if (first >= last) return;
  for (let y = Math.max(0, -top); y < Math.min(height, target.height - top); y++) {
    const row = data.subarray((y * width + first) * 3, (y * width + last) * 3);
    target.data.set(row, ((top + y) * target.width + left + first) * 3);
  }
}
