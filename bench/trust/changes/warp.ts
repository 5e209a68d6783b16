import type {Frame} from '../../../src/image/frame.ts';
import {resampleFrame} from '../../../src/image/resize/resample.ts';
import {toFrame} from './change.ts';
import type {Grain} from './grain.ts';

/** A linear map of places relative to a center: `(a x + b y, c x + d y)`. */
export type Linear = readonly [a: number, b: number, c: number, d: number];

/** Samples a side and pixel, so that shrinking to a half does not alias. */
const SAMPLES = 2;

/**
 * Moves the scene: what was at `center` comes to `to`, and around it everything is mapped by `map`. What comes from
 * outside of the picture is black.
 */
export function warped(
  {width, height, data}: Frame,
  [a, b, c, d]: Linear,
  [centerX, centerY]: readonly [number, number],
  [toX, toY]: readonly [number, number] = [centerX, centerY],
): Frame {
  const scale = a * d - b * c;
  const sums = new Float32Array(data.length);
  const share = 1 / SAMPLES ** 2;
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at += 3)
      for (let sample = 0; sample < SAMPLES ** 2; sample++) {
        const dx = x + ((sample % SAMPLES) + 0.5) / SAMPLES - 0.5 - toX;
        const dy = y + (Math.floor(sample / SAMPLES) + 0.5) / SAMPLES - 0.5 - toY;
        const fromX = (d * dx - b * dy) / scale + centerX;
        const fromY = (a * dy - c * dx) / scale + centerY;
        const left = Math.floor(fromX);
        const top = Math.floor(fromY);
        if (left < 0 || top < 0 || left >= width - 1 || top >= height - 1) continue;
        const [fx, fy] = [fromX - left, fromY - top];
        const from = (top * width + left) * 3;
        const below = from + width * 3;
        for (let channel = 0; channel < 3; channel++)
          sums[at + channel] +=
            share *
            ((1 - fy) * ((1 - fx) * data[from + channel] + fx * data[from + 3 + channel]) +
              fy * ((1 - fx) * data[below + channel] + fx * data[below + 3 + channel]));
      }
  return toFrame(width, height, sums);
}

export function rotation(angle: number): Linear {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return [cos, -sin, sin, cos];
}

/** Everything shorter along a direction, as it looks where it leans away from the camera in that direction. */
export function foreshortening(tilt: number, [cos, sin]: readonly [number, number]): Linear {
  const less = 1 - Math.cos((tilt * Math.PI) / 180);
  return [1 - less * cos * cos, -less * cos * sin, -less * cos * sin, 1 - less * sin * sin];
}

export function middleOf({width, height}: Frame): [number, number] {
  return [(width - 1) / 2, (height - 1) / 2];
}

/** The picture with so few pixels that its grain is `length` long. */
export function shrunk(frame: Frame, {from, to}: Grain, length: number): Frame {
  const factor = length / (to - from);
  const size = {
    width: Math.max(8, Math.round(frame.width * factor)),
    height: Math.max(8, Math.round(frame.height * factor)),
  };
  return {...size, data: resampleFrame(frame, size, {left: 0, top: 0, ...size}, 'bilinear')};
}

/** Cuts the picture so that a share of the grain's length is outside, at one of its ends. */
export function cutOff(frame: Frame, grain: Grain, share: number, atStart: boolean): Frame {
  const level = Math.abs(grain.cos) >= Math.abs(grain.sin);
  const [first, last] = level ? [grain.left, grain.right] : [grain.top, grain.bottom];
  const lost = Math.round(share * (last - first + 1));
  const side = level ? frame.width : frame.height;
  const [begin, end] = atStart ? [first + lost, side] : [0, last + 1 - lost];
  return level ? cropped(frame, begin, 0, end, frame.height) : cropped(frame, 0, begin, frame.width, end);
}

function cropped({width, data}: Frame, left: number, top: number, right: number, bottom: number): Frame {
  const cut = new Uint8Array((right - left) * (bottom - top) * 3);
  for (let y = top; y < bottom; y++)
    cut.set(data.subarray((y * width + left) * 3, (y * width + right) * 3), (y - top) * (right - left) * 3);
  return {width: right - left, height: bottom - top, data: cut};
}
