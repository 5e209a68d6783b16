import type {Moments} from './moments.ts';
import {axesOf, distancesWithin, type Part, partsOf, STRAIGHT} from './parts.ts';
import type {SolidShape} from './shape.ts';

/** What fills the ellipse with its moments so far is one thing; of the dataset's grains, nearly all fill more of theirs. */
const LONE_FILL = 0.965;
/** Least half width of what hangs on a grain: in thirds of a cell, and as a share of the grain's. Less is noise of the outline. */
const MIN_PEAK = 6;
const MIN_PEAK_SHARE = 0.12;
/** Its least and greatest share of the whole. */
const MIN_SHARE = 0.01;
const MAX_SHARE = 0.25;
/** A crumb is about as long as wide: it covers at most so many times the largest circle in it, unlike the stalk of a leaf. */
const MAX_SPREAD = 2.5;
/** The rest is a grain: so many times as long as wide, and about an ellipse. */
const MIN_ELONGATION = 1.3;
const MIN_FILL = 0.94;

/** Whether a shape is a grain with something on it that changes its moments; costs nothing for nearly all grains. */
export function hangsOnSomething(shape: SolidShape, {area, length, width}: Moments): boolean {
  return area < LONE_FILL * (Math.PI / 4) * length * width && hasAttached(shape);
}

/** Whether a shape is a grain and something small that hangs on it by a neck, such as a crumb that touches it. */
export function hasAttached({width, height, spans}: SolidShape): boolean {
  const [grain, ...others] = partsOf(width, distancesWithin(width, height, spans)).sort((a, b) => b.area - a.area);
  if (grain === undefined) return false;
  const whole = others.reduce((sum, {area}) => sum + area, grain.area);
  const hanging = others.filter(({peak, area}) => {
    const circle = Math.PI * (peak / STRAIGHT) ** 2;
    const stands = peak >= Math.max(MIN_PEAK, MIN_PEAK_SHARE * grain.peak) && area >= MIN_SHARE * whole;
    return stands && area <= MAX_SPREAD * circle;
  });
  return hanging.length > 0 && whole - grain.area <= MAX_SHARE * whole && isGrain(grain);
}

function isGrain(part: Part): boolean {
  const {area, length, width} = axesOf(part);
  return length >= MIN_ELONGATION * width && area >= MIN_FILL * (Math.PI / 4) * length * width;
}
