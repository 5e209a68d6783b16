import type {Frame} from '../../image/frame.ts';
import {resampleFrame} from '../../image/resize/resample.ts';
import {borderColor, filled, paste} from './canvas.ts';
import {pixelOf} from './change.ts';
import type {RandomStream} from './random-stream.ts';

/** Scales the scene about its center in a frame of the same size, bilinearly with antialiasing. */
export function scaleScene(frame: Frame, factor: number): Frame {
  const {width, height} = frame;
  const size = {width: Math.max(1, Math.round(width * factor)), height: Math.max(1, Math.round(height * factor))};
  const seen = {width: Math.min(width, size.width), height: Math.min(height, size.height)};
  const left = (size.width - seen.width) >> 1;
  const top = (size.height - seen.height) >> 1;
  const scene = {...seen, data: resampleFrame(frame, size, {left, top, ...seen}, 'bilinear')};
  const scaled = filled(width, height, borderColor(frame));
  paste(scaled, scene, (width - seen.width) >> 1, (height - seen.height) >> 1);
  return scaled;
}

/** Shifts the scene in a random direction by `distance` reference pixels, rounded to whole pixels to avoid blur. */
export function shiftScene(frame: Frame, distance: number, random: RandomStream): Frame {
  const angle = 2 * Math.PI * random.uniform();
  const length = distance * pixelOf(frame);
  const shifted = filled(frame.width, frame.height, borderColor(frame));
  paste(shifted, frame, Math.round(length * Math.cos(angle)), Math.round(length * Math.sin(angle)));
  return shifted;
}
