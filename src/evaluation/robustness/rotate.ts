import type {Frame} from '../../image/frame.ts';
import {borderColor, type Color} from './canvas.ts';

/**
 * Rotates the scene about the center of the frame, from the x axis towards the y axis (clockwise on the screen), with
 * bilinear interpolation. Pixels from outside the frame get the border color.
 *
 * @param angle in radians
 */
export function rotateScene(frame: Frame, angle: number): Frame {
  const {width, height} = frame;
  const outside = borderColor(frame);
  const rotated = new Uint8ClampedArray(frame.data.length);
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  const middleX = (width - 1) / 2;
  const middleY = (height - 1) / 2;
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) {
      const sourceX = cos * (x - middleX) + sin * (y - middleY) + middleX;
      const sourceY = cos * (y - middleY) - sin * (x - middleX) + middleY;
      sample(frame, sourceX, sourceY, outside, rotated, at);
    }
  }
  return {width, height, data: new Uint8Array(rotated.buffer)};
}

function sample(frame: Frame, x: number, y: number, outside: Color, out: Uint8ClampedArray, at: number): void {
  const left = Math.floor(x);
  const top = Math.floor(y);
  const fx = x - left;
  const fy = y - top;
  for (let channel = 0; channel < 3; channel++) {
    const upperLeft = levelAt(frame, left, top, channel, outside);
    const upperRight = levelAt(frame, left + 1, top, channel, outside);
    const lowerLeft = levelAt(frame, left, top + 1, channel, outside);
    const lowerRight = levelAt(frame, left + 1, top + 1, channel, outside);
    const upper = upperLeft + (upperRight - upperLeft) * fx;
    out[at + channel] = upper + (lowerLeft + (lowerRight - lowerLeft) * fx - upper) * fy;
  }
}

function levelAt({width, height, data}: Frame, x: number, y: number, channel: number, outside: Color): number {
  if (x < 0 || y < 0 || x >= width || y >= height) return outside[channel];
  return data[(y * width + x) * 3 + channel];
}
