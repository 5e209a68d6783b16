import type {Frame} from '../frame.ts';
import {resampleFrame} from './resample.ts';

/** A picture whose longer side is at most `side` pixels; the same one if it is not larger. */
export function shrinkFrame(frame: Frame, side: number): Frame {
  const factor = side / Math.max(frame.width, frame.height);
  if (factor >= 1) return frame;
  const width = Math.max(1, Math.round(frame.width * factor));
  const height = Math.max(1, Math.round(frame.height * factor));
  return {width, height, data: resampleFrame(frame, {width, height}, {left: 0, top: 0, width, height}, 'bilinear')};
}
