import type {Frame} from '../../frame.ts';
import {unsupported} from '../bytes.ts';
import type {Color} from '../heif/color.ts';
import type {Planes} from './planes.ts';

/** What red and blue count for brightness, by matrix coefficients (ITU-T H.273, table 4); of an unknown one, BT.601's. */
const LUMA_SHARES: Readonly<Record<number, readonly [red: number, blue: number]>> = {
  1: [0.2126, 0.0722],
  2: [0.299, 0.114],
  4: [0.3, 0.11],
  5: [0.299, 0.114],
  6: [0.299, 0.114],
  7: [0.212, 0.087],
  9: [0.2627, 0.0593],
};
const IDENTITY = 0;
const YCGCO = 8;

/** What the two channels of color add to red, green and blue, for each unit of theirs. */
interface Matrix {
  first: readonly [number, number, number];
  second: readonly [number, number, number];
}

/** Numbers of a channel in levels of 0 to 255. */
interface Scale {
  brightness: Float32Array;
  color: Float32Array;
}

/**
 * Turns what a codec stores to RGB of 8 bits, rounded once, at the end. Where there is less color than brightness, the
 * nearest color counts.
 *
 * @param format its title, for errors
 */
export function toRgb(picture: Planes, color: Color, format: string): Frame {
  const {planes, bitDepth} = picture;
  const {width, height} = planes[0];
  const scale = scaleOf(bitDepth, color.fullRange);
  const out = new Uint8ClampedArray(width * height * 3);
  if (planes.length === 1) grey(picture, scale, out);
  else if (color.matrix === IDENTITY) identity(picture, scale, out, format);
  else convert(picture, scale, matrixOf(color.matrix, format), out);
  return {width, height, data: new Uint8Array(out.buffer)};
}

function scaleOf(bitDepth: number, fullRange: boolean): Scale {
  const count = 2 ** bitDepth;
  const unit = 2 ** (bitDepth - 8);
  const [black, white, most] = fullRange ? [0, count - 1, count - 1] : [16 * unit, 235 * unit, 224 * unit];
  return {
    brightness: Float32Array.from({length: count}, (_, value) => ((value - black) * 255) / (white - black)),
    color: Float32Array.from({length: count}, (_, value) => ((value - count / 2) * 255) / most),
  };
}

function matrixOf(coefficients: number, format: string): Matrix {
  if (coefficients === YCGCO) return {first: [-1, 1, -1], second: [1, 0, -1]};
  const shares = LUMA_SHARES[coefficients];
  if (!shares) throw unsupported(`${format} with the matrix coefficients ${coefficients}`);
  const [red, blue] = shares;
  const green = 1 - red - blue;
  return {
    first: [0, (-2 * blue * (1 - blue)) / green, 2 * (1 - blue)],
    second: [2 * (1 - red), (-2 * red * (1 - red)) / green, 0],
  };
}

function grey({planes: [{samples, stride, width, height}]}: Planes, {brightness}: Scale, out: Uint8ClampedArray): void {
  let target = 0;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++, target += 3) {
      const level = brightness[samples[y * stride + x]];
      out[target] = level;
      out[target + 1] = level;
      out[target + 2] = level;
    }
}

/** Green, blue and red, each stored as brightness is. */
function identity({planes}: Planes, {brightness}: Scale, out: Uint8ClampedArray, format: string): void {
  const [green, blue, red] = planes;
  const {width, height} = green;
  if (blue.width !== width || blue.height !== height)
    throw unsupported(`${format} of RGB with fewer pixels for a color`);
  let target = 0;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++, target += 3) {
      out[target] = brightness[red.samples[y * red.stride + x]];
      out[target + 1] = brightness[green.samples[y * green.stride + x]];
      out[target + 2] = brightness[blue.samples[y * blue.stride + x]];
    }
}

function convert({planes}: Planes, scale: Scale, {first, second}: Matrix, out: Uint8ClampedArray): void {
  const [luma, one, two] = planes;
  const {width, height} = luma;
  const across = one.width < width ? 1 : 0;
  const down = one.height < height ? 1 : 0;
  const {brightness, color} = scale;
  const [redByOne, greenByOne, blueByOne] = first;
  const [redByTwo, greenByTwo, blueByTwo] = second;
  let target = 0;
  for (let y = 0; y < height; y++) {
    const row = y * luma.stride;
    const rowOne = (y >> down) * one.stride;
    const rowTwo = (y >> down) * two.stride;
    for (let x = 0; x < width; x++, target += 3) {
      const level = brightness[luma.samples[row + x]];
      const a = color[one.samples[rowOne + (x >> across)]];
      const b = color[two.samples[rowTwo + (x >> across)]];
      out[target] = level + redByOne * a + redByTwo * b;
      out[target + 1] = level + greenByOne * a + greenByTwo * b;
      out[target + 2] = level + blueByOne * a + blueByTwo * b;
    }
  }
}
