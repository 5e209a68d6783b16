import type {PreparedCache} from '../../../dataset/cache/prepared-cache.ts';
import type {WindowSize} from '../../../image/window/canvas.ts';
import {windowFromPatch} from '../../../image/window/window.ts';
import {type AugmentationOptions, augmentInto} from '../../batches/augmentation.ts';
import {Random} from '../../random.ts';

/** Small changes, as between two pictures of one camera: what a grain measures still says what it is. */
const CHANGES: AugmentationOptions = {
  untouched: 0,
  finallyUntouched: 0,
  warped: 0.7,
  rotation: 4,
  scale: 0.06,
  shrink: 0.06,
  shift: 1.5,
  stretch: 0.03,
  tilt: 12,
  recolored: 0.7,
  brightness: 0.12,
  color: 0.04,
  gamma: 0.08,
  gradient: 0.2,
  grey: 0,
  highlights: 0,
  degraded: 0.4,
  blur: 0.8,
  noise: 4,
  motion: 3,
  coarseness: 1.3,
  outliers: 0,
};
/** The first view is the picture as it is; those up to this one are mirrored. */
export const UNCHANGED_VIEWS = 4;
const MOST_VIEWS = 12;
const MOST_ROWS = 24_000;

/** How often each picture is looked at: more often where there are few. */
export function viewsOf(pictures: number): number {
  return Math.max(1, Math.min(MOST_VIEWS, Math.floor(MOST_ROWS / Math.max(1, pictures))));
}

/** A view of a prepared picture, the same for the same seed: uint8 RGB of the model's window. */
export function viewOf(
  cache: PreparedCache,
  picture: number,
  view: number,
  size: WindowSize,
  seed: number,
): Uint8Array {
  const patch = cache.readPatch(picture);
  if (view === 0) return windowFromPatch(patch, size);
  const window = new Uint8Array(size.width * size.height * 3);
  const options = view < UNCHANGED_VIEWS ? {...CHANGES, untouched: 1} : CHANGES;
  augmentInto(patch, size, options, new Random(seed, 'view', view, picture), window, 0);
  return window;
}
