import type {Frame} from '../frame.ts';
import {backgroundOf} from './background/estimate-background.ts';
import {findGrain} from './find-grain.ts';
import {crop, type RefinedDetection} from './refine-detection.ts';

/** This share of the longer side is crop off on each side. */
const RIM = 1 / 16;
/** Least difference in levels between a picture frame and the background inside it. */
const MIN_DIFFERENCE = 40;

/**
 * Finds a grain in a picture with a frame of another color around it, such as the white rim of a scan. Undefined if there
 * is no such frame, no grain inside, or a grain that touches the frame.
 *
 * @param reduced the picture, reduced by `factor`
 */
export function detectWithin(reduced: Frame, factor: number): RefinedDetection | undefined {
  const rim = Math.max(2, Math.ceil(RIM * Math.max(reduced.width, reduced.height)));
  const width = reduced.width - 2 * rim;
  const height = reduced.height - 2 * rim;
  if (width < 1 || height < 1) return undefined;
  const frame = crop(reduced, rim, rim, width, height);
  const [around, within] = [backgroundOf(reduced), backgroundOf(frame)];
  const levels = [around.red - within.red, around.green - within.green, around.blue - within.blue];
  if (Math.max(...levels.map(Math.abs)) < MIN_DIFFERENCE) return undefined;
  const grain = findGrain(frame);
  return grain && !grain.atBorder ? {grain, frame, factor, left: rim * factor, top: rim * factor} : undefined;
}
