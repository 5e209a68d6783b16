import type {Frame} from '../../../src/image/frame.ts';
import {toFrame} from './change.ts';
import type {Grain} from './grain.ts';

/** A linear map of places relative to a center: `(a x + b y, c x + d y)`. */
export type Linear = readonly [a: number, b: number, c: number, d: number];

/** Samples a side of a pixel where the scene is shrunk, so that half of its size does not alias. */
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
  const samples = scale < 0.99 ? SAMPLES : 1;
  const share = 1 / samples ** 2;
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at += 3)
      for (let sample = 0; sample < samples ** 2; sample++) {
        const dx = x + ((sample % samples) + 0.5) / samples - 0.5 - toX;
        const dy = y + (Math.floor(sample / samples) + 0.5) / samples - 0.5 - toY;
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
  return smaller(frame, length / (to - from));
}

/** Each pixel is the mean of the area that it covers, as a sensor of fewer pixels has it. */
export function smaller(frame: Frame, factor: number): Frame {
  const width = Math.max(8, Math.round(frame.width * factor));
  const height = Math.max(8, Math.round(frame.height * factor));
  const columns = stretches(frame.width, width);
  const rows = stretches(frame.height, height);
  const levels = new Float32Array(width * height * 3);
  rows.forEach((row, y) => {
    columns.forEach((column, x) => {
      for (const [fromY, high] of row)
        for (const [fromX, wide] of column)
          for (let c = 0; c < 3; c++)
            levels[(y * width + x) * 3 + c] += high * wide * frame.data[(fromY * frame.width + fromX) * 3 + c];
    });
  });
  return toFrame(width, height, levels);
}

/** For each of `count` equal parts of a line of pixels, which pixels it covers, and what share of the part each is. */
function stretches(length: number, count: number): [pixel: number, share: number][][] {
  const part = length / count;
  return Array.from({length: count}, (_, i) => {
    const [begin, end] = [i * part, Math.min(length, (i + 1) * part)];
    const covered: [number, number][] = [];
    for (let pixel = Math.floor(begin); pixel < end - 1e-9; pixel++)
      covered.push([pixel, (Math.min(pixel + 1, end) - Math.max(pixel, begin)) / part]);
    return covered;
  });
}

/** Where a border of the picture cuts a grain. */
interface Cut {
  /** Whether it is a left or right border, which the grain's axis meets more steeply, and whether the left or upper one. */
  level: boolean;
  lower: boolean;
  /** Between which pixels it runs: the first one after it. */
  border: number;
}

/** The cut that leaves a share of the grain's length, along its axis, outside, at one of its ends. */
function cutAt({x, y, cos, sin, from, to}: Grain, share: number, atStart: boolean): Cut {
  const level = Math.abs(cos) >= Math.abs(sin);
  const lost = share * (to - from);
  const along = atStart ? from + lost : to - lost;
  const border = Math.round((level ? x + along * cos : y + along * sin) + 0.5);
  return {level, lower: (level ? cos : sin) > 0 === atStart, border};
}

/** Crops the picture so that a share of the grain's length is cut off. */
export function cutOff({width, height, data}: Frame, grain: Grain, share: number, atStart: boolean): Frame {
  const {level, lower, border} = cutAt(grain, share, atStart);
  const [begin, end] = lower ? [border, level ? width : height] : [0, border];
  const frame = {width, height, data};
  return level ? cropped(frame, begin, 0, end, height) : cropped(frame, 0, begin, width, end);
}

/** Aims the camera elsewhere, so that a share of the grain's length is out of the frame. */
export function aimedAside(frame: Frame, grain: Grain, share: number, atStart: boolean): Frame {
  const {level, lower, border} = cutAt(grain, share, atStart);
  const shift = (lower ? 0 : level ? frame.width : frame.height) - border;
  return warped(frame, [1, 0, 0, 1], [0, 0], level ? [shift, 0] : [0, shift]);
}

function cropped({width, data}: Frame, left: number, top: number, right: number, bottom: number): Frame {
  const cut = new Uint8Array((right - left) * (bottom - top) * 3);
  for (let y = top; y < bottom; y++)
    cut.set(data.subarray((y * width + left) * 3, (y * width + right) * 3), (y - top) * (right - left) * 3);
  return {width: right - left, height: bottom - top, data: cut};
}
