import {hasAttached} from '../grain/attached.ts';
import {connectRuns, RUN} from '../grain/components.ts';
import {distancesWithin, STRAIGHT} from '../grain/parts.ts';
import {type SolidShape, solidShape} from '../grain/shape.ts';
import type {WindowSize} from '../window/canvas.ts';
import type {Flaw} from './flaw.ts';

/** Levels from here on are saturated in all channels. */
const SATURATED = 250;
/** A grain of which so much is saturated has lost its surface. The strongest light in the Rice Image Dataset saturates a third. */
const MUCH_SATURATED = 0.4;
/** The level of the grain: that which this share of its pixels does not exceed. */
const LEVEL_QUANTILE = 0.6;
/**
 * The outermost pixels within the outline, where half of that level is reached, have at least this share of the level deep within a
 * grain whose edge is sharp.
 */
const MIN_SHARPNESS = 0.7;
/** Depths in pixels of these, and of what is deep within. */
const EDGE = 1;
const DEEP = 6;

/**
 * What the window of a grain shows of why it could not be named. Takes a tenth of a millisecond: for what was rejected only.
 *
 * @param window RGB interleaved, the grain on black
 */
export function windowFlaw(window: Uint8Array, size: WindowSize): Flaw | undefined {
  const levels = levelsOf(window);
  const level = usualLevel(levels);
  const shape = level === undefined ? undefined : shapeAbove(levels, level / 2, size);
  if (level === undefined || shape === undefined) return undefined;
  if (hasAttached(shape)) return 'touching something';
  if (saturatedShare(window) >= MUCH_SATURATED) return 'overexposed';
  return sharpness(levels, shape, size) < MIN_SHARPNESS ? 'too blurred' : undefined;
}

/** Sums of the three channels. */
function levelsOf(window: Uint8Array): Uint16Array {
  const levels = new Uint16Array(window.length / 3);
  for (let i = 0, at = 0; i < levels.length; i++, at += 3) levels[i] = window[at] + window[at + 1] + window[at + 2];
  return levels;
}

/** Undefined for a black window. */
function usualLevel(levels: Uint16Array): number | undefined {
  const lit = levels.filter((level) => level > 0).sort();
  return lit[Math.floor(LEVEL_QUANTILE * lit.length)];
}

/** The largest region above a level. */
function shapeAbove(levels: Uint16Array, threshold: number, {width, height}: WindowSize): SolidShape | undefined {
  const runs: number[] = [];
  for (let y = 0; y < height; y++)
    for (let x = 0, start = -1; x <= width; x++) {
      const inside = x < width && levels[y * width + x] > threshold;
      if (inside && start < 0) start = x;
      if (inside || start < 0) continue;
      runs.push(y, start, x);
      start = -1;
    }
  if (runs.length === 0) return undefined;
  const all = Int32Array.from(runs);
  return solidShape(all, connectRuns(all), 1);
}

function saturatedShare(window: Uint8Array): number {
  let [lit, saturated] = [0, 0];
  for (let i = 0; i + 2 < window.length; i += 3) {
    if (window[i] + window[i + 1] + window[i + 2] === 0) continue;
    lit++;
    if (Math.min(window[i], window[i + 1], window[i + 2]) >= SATURATED) saturated++;
  }
  return saturated / Math.max(1, lit);
}

/** The mean level just within the outline, as a share of that deep within; 1 for what is too thin to have a depth. */
function sharpness(levels: Uint16Array, {x: left, y: top, width, height, spans}: SolidShape, size: WindowSize): number {
  const distances = distancesWithin(width, height, spans);
  let [edge, edges, deep, deeps] = [0, 0, 0, 0];
  for (let i = 0; i < spans.length; i += RUN)
    for (let x = spans[i + 1]; x < spans[i + 2]; x++) {
      const depth = Math.floor(distances[spans[i] * width + x] / STRAIGHT);
      const level = levels[(top + spans[i]) * size.width + left + x];
      if (depth === EDGE) {
        edge += level;
        edges++;
      } else if (depth === DEEP) {
        deep += level;
        deeps++;
      }
    }
  return edges === 0 || deeps === 0 || deep === 0 ? 1 : edge / edges / (deep / deeps);
}
