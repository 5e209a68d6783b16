import type {WindowSize} from '../window/canvas.ts';
import type {Region} from './resample.ts';

/**
 * How a picture of any aspect ratio fills a window: stretched to its size; scaled to cover it and center-cropped; or scaled
 * to fit inside it and padded with a color.
 */
export const FITS = ['stretch', 'crop', 'letterbox'] as const;
export type Fit = (typeof FITS)[number];

/** The picture's size after scaling, the visible region of that, and the position of the region in the window. */
export interface Placement {
  size: WindowSize;
  region: Region;
  x: number;
  y: number;
}

/** In floating point, 224 / (224 / 232) is slightly less than 232. */
const ROUNDING = 1e-6;

/**
 * Places a picture in a window with the rounding of torchvision (`Resize`, `CenterCrop`) and timm, so that exactly the same
 * pixels are visible.
 *
 * @param cropPct for `crop`: the share of the scaled picture's shorter side that the window shows
 */
export function placeFrame(frame: WindowSize, window: WindowSize, fit: Fit, cropPct: number): Placement {
  if (fit === 'stretch') return {size: window, region: {left: 0, top: 0, ...sizeOf(window)}, x: 0, y: 0};
  if (fit === 'letterbox') return placeInside(frame, window);
  const least = {width: sizeBeforeCrop(window.width, cropPct), height: sizeBeforeCrop(window.height, cropPct)};
  const size = scaleToCover(frame, least);
  const left = roundHalfToEven((size.width - window.width) / 2);
  const top = roundHalfToEven((size.height - window.height) / 2);
  return {size, region: {left, top, ...sizeOf(window)}, x: 0, y: 0};
}

function placeInside(frame: WindowSize, window: WindowSize): Placement {
  const wide = frame.width * window.height >= frame.height * window.width;
  const size = wide
    ? {width: window.width, height: side((window.width * frame.height) / frame.width)}
    : {width: side((window.height * frame.width) / frame.height), height: window.height};
  const x = (window.width - size.width) >> 1;
  const y = (window.height - size.height) >> 1;
  return {size, region: {left: 0, top: 0, ...size}, x, y};
}

/** The smallest size with the frame's aspect ratio that covers `least`; the longer side is truncated. */
function scaleToCover(frame: WindowSize, least: WindowSize): WindowSize {
  if (frame.width * least.height <= frame.height * least.width)
    return {width: least.width, height: Math.trunc((least.width * frame.height) / frame.width)};
  return {width: Math.trunc((least.height * frame.width) / frame.height), height: least.height};
}

const sizeBeforeCrop = (length: number, cropPct: number) => Math.floor(length / cropPct + ROUNDING);
const side = (length: number) => Math.max(1, roundHalfToEven(length));
const sizeOf = ({width, height}: WindowSize) => ({width, height});

/** Like Python's `round`. */
function roundHalfToEven(value: number): number {
  const down = Math.floor(value);
  const rest = value - down;
  return rest > 0.5 || (rest === 0.5 && down % 2 === 1) ? down + 1 : down;
}
