import {type DecodeOptions, useDecoded} from '../decode.ts';
import type {Frame} from '../frame.ts';
import type {WindowSize} from '../window/canvas.ts';
import {placeUpright, type WindowPlacement} from '../window/window-placement.ts';
import {type Fit, placeFrame} from './placement.ts';
import {resampleFrame} from './resample.ts';
import type {Interpolation} from './taps.ts';

export {FITS, type Fit} from './placement.ts';
export {INTERPOLATIONS, type Interpolation} from './taps.ts';

/** How a whole picture is fitted into a window. */
export interface FitOptions extends WindowSize {
  fit: Fit;
  /** For `crop`: the share of the scaled picture's shorter side that the window shows, 0..1. */
  cropPct: number;
  /** For `letterbox`: the padding color, RGB 0..255. */
  fill: readonly [red: number, green: number, blue: number];
  interpolation: Interpolation;
}

export interface FittedImage {
  /** RGB interleaved, row-major, height * width * 3 bytes. */
  window: Uint8Array;
  /** Where in the picture the window lies. */
  placement: WindowPlacement;
  /** Remarks for the user: animation, several pages. */
  notes: string[];
}

/**
 * Fits a whole encoded image into a window, without searching for a grain, as external models expect.
 *
 * @throws RiceError IMAGE_EMPTY, IMAGE_UNSUPPORTED, IMAGE_TOO_LARGE, IMAGE_TRUNCATED or IMAGE_CORRUPT only
 */
export async function fitImage(bytes: Uint8Array, fit: FitOptions, options: DecodeOptions = {}): Promise<FittedImage> {
  return useDecoded(bytes, options, ({frame, notes}) => ({
    window: fitFrame(frame, fit),
    placement: fitPlacement(frame, fit),
    notes,
  }));
}

/** Where in the frame the window of `fitFrame` lies. */
export function fitPlacement(frame: Frame, options: FitOptions): WindowPlacement {
  const {size, region, x, y} = placeFrame(frame, options, options.fit, options.cropPct);
  const [scaleX, scaleY] = [frame.width / size.width, frame.height / size.height];
  const part = {
    left: region.left * scaleX,
    top: region.top * scaleY,
    width: region.width * scaleX,
    height: region.height * scaleY,
  };
  return placeUpright(part, {left: x, top: y, width: region.width, height: region.height});
}

/** Fits decoded pixels into a window. */
export function fitFrame(frame: Frame, options: FitOptions): Uint8Array {
  const {fit, cropPct, fill, interpolation} = options;
  const {size, region, x, y} = placeFrame(frame, options, fit, cropPct);
  const pixels = resampleFrame(frame, size, region, interpolation);
  if (region.width === options.width && region.height === options.height) return pixels;
  const window = new Uint8Array(options.width * options.height * 3);
  for (let i = 0; i < window.length; i++) window[i] = fill[i % 3];
  const rowBytes = region.width * 3;
  for (let row = 0; row < region.height; row++)
    window.set(pixels.subarray(row * rowBytes, (row + 1) * rowBytes), ((y + row) * options.width + x) * 3);
  return window;
}
