import {RiceError} from '../../common/errors.ts';
import type {Correction, Corrections} from '../corrections.ts';
import {measureOutline} from '../measures/measure-outline.ts';
import {numberInReadingOrder} from '../reading-order.ts';
import type {GrainName, MeasuredGrain, Outline, Point} from '../types.ts';
import {cutOutline} from './cut-outline.ts';
import {contains, distanceTo, gapBetween, joinOutlines} from './join-outlines.ts';

/** A grain after corrections, before anything is named or graded. */
export interface CorrectedGrain extends MeasuredGrain {
  corrected?: true;
  /** What a person named it. */
  named?: string;
}

/** Parts of one grain are nearer than so many lengths of the shorter one. */
const FAR = 3;
/** A point so many pixels beside an outline still means its grain. */
const NEAR = 2;

/**
 * Applies what a person said of the grains of a picture, in the order in which it was said.
 *
 * @param size of the picture
 * @returns the grains, numbered anew, and a sentence for each correction that could not be applied
 */
export function applyCorrections(
  grains: readonly MeasuredGrain[],
  {corrections}: Corrections,
  size: {width: number; height: number},
): {grains: CorrectedGrain[]; missed: string[]} {
  let current: CorrectedGrain[] = [...grains];
  const missed: string[] = [];
  corrections.forEach((correction, i) => {
    const changed = applyOne(current, correction, size);
    if (typeof changed !== 'string') current = changed;
    else
      missed.push(
        `Correction ${i + 1} of ${corrections.length} (${correction.do} at ${pointText(correction.at)}) was not applied: ${changed}.`,
      );
  });
  return {grains: numberInReadingOrder(current), missed};
}

/** @throws RiceError CORRECTIONS_MISMATCH for corrections of another picture */
export function checkDigest(corrections: Corrections, sha256: string): void {
  if (corrections.sha256.toLowerCase() === sha256) return;
  throw new RiceError(
    'CORRECTIONS_MISMATCH',
    `the corrections are for another picture: its SHA-256 begins with ${corrections.sha256.slice(0, 12)}, that of this one with ${sha256.slice(0, 12)}`,
  );
}

/** What the model says of a grain, unless a person named it. */
export function correctedName(name: GrainName, named: string | undefined): GrainName {
  if (named === undefined) return name;
  const {reason: _, ...rest} = name;
  const others = Object.keys(name.probabilities).map((label) => [label, label === named ? 1 : 0] as const);
  return {
    ...rest,
    label: named,
    known: true,
    confidence: 1,
    probabilities: {...Object.fromEntries(others), [named]: 1},
  };
}

/** @returns why it could not be applied, if so */
function applyOne(
  grains: readonly CorrectedGrain[],
  correction: Correction,
  size: {width: number; height: number},
): CorrectedGrain[] | string {
  const grain = grainAt(grains, correction.at);
  if (!grain) return 'no grain is there';
  const others = grains.filter((each) => each !== grain);
  if (correction.do === 'remove') return others;
  if (correction.do === 'label') return [...others, {...grain, named: correction.label, corrected: true}];
  if (correction.do === 'split') {
    const halves = cutOutline(grain.outline, correction.from, correction.to);
    if (!halves) return 'the line does not go through the grain';
    return [...others, ...halves.map((outline) => reshaped(outline, [grain], size))];
  }
  const partner = grainAt(others, correction.with);
  if (!partner) return `no other grain is at ${pointText(correction.with)}`;
  if (gapBetween(grain.outline, partner.outline) > FAR * Math.min(grain.length, partner.length))
    return `the grain at ${pointText(correction.with)} is too far away to be a part of it`;
  const rest = others.filter((each) => each !== partner);
  return [...rest, reshaped(joinOutlines(grain.outline, partner.outline), [grain, partner], size)];
}

function grainAt(grains: readonly CorrectedGrain[], at: Point): CorrectedGrain | undefined {
  return (
    grains.find(({outline}) => contains(outline, at)) ?? grains.find(({outline}) => distanceTo(outline, at) <= NEAR)
  );
}

/** A grain of a new outline; its color is that of the grains that it was made of, by their areas. */
function reshaped(
  outline: Outline,
  parents: readonly CorrectedGrain[],
  {width, height}: {width: number; height: number},
): CorrectedGrain {
  const {solidity: _, ...measures} = measureOutline(outline);
  const total = parents.reduce((sum, {area}) => sum + area, 0) || 1;
  const mean = (value: (grain: CorrectedGrain) => number) =>
    parents.reduce((sum, grain) => sum + value(grain) * grain.area, 0) / total;
  const atEdge = outline.some(([x, y]) => x <= 1 || y <= 1 || x >= width - 1 || y >= height - 1);
  return {
    id: 0,
    ...measures,
    color: {L: mean(({color}) => color.L), a: mean(({color}) => color.a), b: mean(({color}) => color.b)},
    white: mean(({white}) => white),
    border: atEdge && parents.some(({border}) => border),
    touching: parents.length === 1 || parents.some(({touching}) => touching),
    outline,
    corrected: true,
  };
}

function pointText([x, y]: Point): string {
  return `${Math.round(x)},${Math.round(y)}`;
}
