import {RiceError} from '../../common/errors.ts';
import type {FileDensity} from '../../image/formats/density.ts';
import type {Frame} from '../../image/frame.ts';
import {placeOf} from './not-found.ts';
import {findRectangle} from './rectangle/find-rectangle.ts';
import {findCoin} from './round/find-coin.ts';
import {findTarget, lookForTarget} from './target/find-target.ts';
import type {FoundScale, ScaleRequest} from './types.ts';

const INCH = 25.4;
/** Below, a density is one that programs write where they know none: 72 or 96. */
const LEAST_DPI = 150;
/** Densities along x and y that differ by a larger share are no scanner's. */
const MOST_DIFFERENCE = 0.01;

/**
 * The scale of a picture, by what a person said, or, if nothing was said, by our target if it is there and else by the file's
 * density if that can be trusted: at least 150 dpi, in both directions, and no camera has written it.
 *
 * @param picture as it is shown, after its orientation is applied
 * @param density what the file states, as `readDensity` reads it
 * @returns undefined where nothing was said and nothing is known: lengths stay in pixels
 * @throws RiceError REFERENCE_NOT_FOUND if a reference was named and is not there; OUT_OF_RANGE if it is to be at a place
 * outside of the picture
 */
export function findScale(picture: Frame, request: ScaleRequest, density?: FileDensity): FoundScale | undefined {
  switch (request.from) {
    case 'px-per-mm':
      return told('px-per-mm', request.pxPerMm, `${request.pxPerMm} pixels per mm, as told`);
    case 'dpi':
      return told('dpi', request.dpi / INCH, `${request.dpi} dpi, as told`);
    case 'coin':
      checkPlace(picture, request.at);
      return findCoin(picture, request);
    case 'card':
    case 'a4':
    case 'letter':
      checkPlace(picture, request.at);
      return findRectangle(picture, request.from, request.at);
    case 'target':
      return findTarget(picture, request.bar);
    case 'auto':
      return lookForTarget(picture) ?? ofFile(density);
  }
}

function ofFile(density: FileDensity | undefined): FoundScale | undefined {
  if (!density || density.camera) return undefined;
  const {dpiX, dpiY} = density;
  if (Math.min(dpiX, dpiY) < LEAST_DPI || Math.abs(dpiX / dpiY - 1) > MOST_DIFFERENCE) return undefined;
  const dpi = (dpiX + dpiY) / 2;
  return told('file', dpi / INCH, `${Math.round(dpi)} dpi, as the file says`);
}

function told(source: 'px-per-mm' | 'dpi' | 'file', pxPerMm: number, description: string): FoundScale {
  return {scale: {pxPerMm, source, description}, objects: []};
}

function checkPlace({width, height}: Frame, at: readonly [number, number] | undefined): void {
  if (!at || (at[0] >= 0 && at[1] >= 0 && at[0] <= width && at[1] <= height)) return;
  throw new RiceError(
    'OUT_OF_RANGE',
    `the reference cannot be at ${placeOf(at)}: the picture has ${width} x ${height} pixels`,
  );
}
