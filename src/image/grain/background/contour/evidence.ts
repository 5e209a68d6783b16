import type {Deviation} from '../deviation.ts';
import {quickselect} from '../quickselect.ts';
import {type ColorAxes, sharpStep} from './color-axes.ts';
import type {Rays} from './rays.ts';

/** What speaks for an outline at each place of each ray, ray by ray. */
export interface Evidence {
  /** Places on a ray, STEP cells apart; the first one is at its beginning. */
  places: number;
  /** How sharp a step of color is there, 0 to 1. */
  edges: Float32Array;
  /** How much more a place looks like grain than like ground or shadow: negative where it looks like ground. */
  grain: Float32Array;
}

/** Cells from one place to the next. */
export const STEP = 0.5;
/** Cells from an edge to the colors that are compared, and to those that say how much color changes there anyway. */
export const NEAR = 1;
export const FAR = 3;
/** The step that is half an edge: in standard deviations of the ground's texture, and as a share of the sharpest step that most rays have. */
const HALF_EDGE = 6;
const HALF_SHARE = 0.5;
/** A step of fewer is the texture's. */
const LEAST_STEP = 2;
/** Only the sharpest of so many places on either side is an edge. */
const PEAK = 3;
/** By how many levels a ground's brightness differs from the fitted one at most places. */
const USUAL_LIGHT = 4;
/** The same for hue, which in a shadow differs by a share of its depth as well: other things light it. */
const USUAL_COLOR = 3;
const SHADOW_COLOR = 0.1;
/** What one place says at most for grain, and for ground: a grain may well look like the ground here and there. */
const MOST_GRAIN = 2;
const MOST_GROUND = 0.5;

/** Looks along the rays, `reach` cells far. @param noise of the texture, along each axis */
export function evidenceAlong(
  deviation: Deviation,
  rays: Rays,
  reach: number,
  axes: ColorAxes,
  noise: Float64Array,
): Evidence {
  const places = Math.floor(reach / STEP);
  const [near, far] = [NEAR / STEP, FAR / STEP];
  // A line of colors begins and ends as many places before and after, so that all steps can be measured.
  const samples = places + 2 * far;
  const line = [0, 1, 2].map(() => new Float32Array(samples));
  const [light, second, third] = line;
  const weights = noise.map((each) => 1 / (each * each));
  const grain = new Float32Array(rays.count * places);
  const squares = new Float32Array(rays.count * places);
  const sharpest = new Float64Array(rays.count);
  const usualLight = Math.max(USUAL_LIGHT, deviation.spread);
  for (let ray = 0, to = 0; ray < rays.count; ray++) {
    sampleLine(deviation, rays, ray, far, axes, light, second, third);
    for (let at = far; at < far + places; at++, to++) {
      const a = sharpStep(light, at, near, far);
      const b = sharpStep(second, at, near, far);
      const c = sharpStep(third, at, near, far);
      const square = a * a * weights[0] + b * b * weights[1] + c * c * weights[2];
      squares[to] = square;
      if (square > sharpest[ray]) sharpest[ray] = square;
      grain[to] = grainAt(light[at], second[at] * second[at] + third[at] * third[at], usualLight);
    }
  }
  const usual = quickselect(sharpest, rays.count >> 1);
  const half = Math.max(HALF_EDGE * HALF_EDGE, HALF_SHARE * HALF_SHARE * usual);
  return {places, edges: peaksOf(squares, places, half), grain};
}

/** @param half the square that is half an edge */
function peaksOf(squares: Float32Array, places: number, half: number): Float32Array {
  const edges = new Float32Array(squares.length);
  for (let row = 0; row < squares.length; row += places)
    for (let k = 0; k < places; k++) {
      const square = squares[row + k];
      if (square < LEAST_STEP * LEAST_STEP) continue;
      let most = square;
      const last = Math.min(places - 1, k + PEAK);
      for (let j = Math.max(0, k - PEAK); j <= last; j++) if (squares[row + j] > most) most = squares[row + j];
      const share = square / most;
      edges[row + k] = (share * share * square) / (square + half);
    }
  return edges;
}

/**
 * How much a color looks like grain: another hue than the ground's, or brighter. What is darker may be a shadow.
 *
 * @param light levels brighter than the ground
 * @param hue square of the levels by which its hue differs
 */
function grainAt(light: number, hue: number, usualLight: number): number {
  const usualColor = USUAL_COLOR + (light < 0 ? -SHADOW_COLOR * light : 0);
  const bright = light > 0 ? (light * light) / (usualLight * usualLight) : 0;
  const least = light < -2 * usualLight ? 0 : -MOST_GROUND;
  return Math.min(MOST_GRAIN, Math.max(least, (hue / (usualColor * usualColor) + bright) / 2 - 1));
}

/** The colors along a ray, relative to the ground, interpolated; it begins `before` places before the ray does. */
function sampleLine(
  {raw, width, height}: Deviation,
  rays: Rays,
  ray: number,
  before: number,
  axes: ColorAxes,
  light: Float32Array,
  second: Float32Array,
  third: Float32Array,
): void {
  const [a0, a1, a2, b0, b1, b2, c0, c1, c2] = axes;
  const [right, bottom] = [width - 1.001, height - 1.001];
  const [stepX, stepY] = [STEP * rays.dx[ray], STEP * rays.dy[ray]];
  for (let k = 0; k < light.length; k++) {
    const x = Math.max(0, Math.min(right, rays.x[ray] + (k - before) * stepX));
    const y = Math.max(0, Math.min(bottom, rays.y[ray] + (k - before) * stepY));
    const left = Math.floor(x);
    const top = Math.floor(y);
    const fx = x - left;
    const fy = y - top;
    const i = (top * width + left) * 3;
    const j = i + width * 3;
    const upper = 1 - fy;
    const beside = 1 - fx;
    const red = upper * (beside * raw[i] + fx * raw[i + 3]) + fy * (beside * raw[j] + fx * raw[j + 3]);
    const green = upper * (beside * raw[i + 1] + fx * raw[i + 4]) + fy * (beside * raw[j + 1] + fx * raw[j + 4]);
    const blue = upper * (beside * raw[i + 2] + fx * raw[i + 5]) + fy * (beside * raw[j + 2] + fx * raw[j + 5]);
    light[k] = a0 * red + a1 * green + a2 * blue;
    second[k] = b0 * red + b1 * green + b2 * blue;
    third[k] = c0 * red + c1 * green + c2 * blue;
  }
}
