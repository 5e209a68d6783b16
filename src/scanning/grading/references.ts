import {groupBy} from './group-by.ts';
import type {Specimen} from './specimen.ts';
import {median, quantile} from './statistics.ts';
import {storedVariety} from './varieties.ts';
import {WHOLE_FROM, wholeLength} from './whole-length.ts';

/** What whole grains of a kind are like in this picture, to compare others with. */
export interface Reference {
  /** Undefined for grains that the model does not know. */
  label?: string;
  length: number;
  width: number;
  /** How many whole grains it rests on. */
  whole: number;
  /**
   * `picture`: its whole grains. `stored`: the variety's length in mm, as too few whole grains are there. `shape`: the
   * variety's ratio, as none are.
   */
  source: 'picture' | 'stored' | 'shape';
}

/** Fewer whole grains are no reference. */
const LEAST_WHOLE = 5;
/** With fewer, the stored length of the variety is better, if there is a scale. */
const ENOUGH_WHOLE = 20;
/** Of the grains of a kind, at least this share is whole, or there is no telling which they are. */
const LEAST_SHARE = 0.1;
/** In a picture of pieces, of all grains: in a small group a few cut ends are missed by chance. */
const LEAST_AMONG_PIECES = 0.05;
/** A further kind under the same label must be this large, or it is pieces whose cut ends were not seen. */
const LEAST_SHARE_OF_NEXT = 0.2;
/** Of grains about as long as whole ones, at most this share has a cut end. */
const MOST_CUT = 1 / 3;
/** Grains of which this share is within 15 % of their median size are whole, whatever their ends look like. */
const CONCENTRATED = 0.7;
/** Kinds that one label may cover: large and small grains of one variety, or two varieties that the model does not know. */
const MOST_KINDS = 3;

/**
 * Finds the kinds of whole grains in a picture. Labels alone are not to be trusted for that: pieces of a slender grain have
 * the shape of a rounder variety. So a kind needs whole grains that show it: about equally long, without a cut end, which
 * the pieces have.
 *
 * @param metric whether sizes are in mm
 */
export function findReferences(specimens: readonly Specimen[], metric: boolean): Reference[] {
  const references: Reference[] = [];
  const isBlunt = isConcentrated(specimens);
  const fewest = Math.max(LEAST_WHOLE, areMostlyCut(specimens) ? LEAST_AMONG_PIECES * specimens.length : 0);
  const groups = groupBy(specimens, ({label}) => label);
  for (const [label, group] of groups) {
    const found = kindsOf(group, fewest, isBlunt && group.length > specimens.length / 2).map((kind) => ({
      ...kind,
      ...(label === undefined ? {} : {label}),
    }));
    const stored = label === undefined ? undefined : storedVariety(label);
    if (stored?.length !== undefined && metric && found.length === 1 && found[0].whole < ENOUGH_WHOLE)
      references.push({...found[0], length: stored.length, source: 'stored'});
    else if (found.length > 0) references.push(...found);
    else if (label !== undefined && stored !== undefined) {
      const width = median(group.map((specimen) => specimen.width));
      const length = metric ? stored.length : undefined;
      const source = length === undefined ? 'shape' : 'stored';
      references.push({label, length: length ?? stored.ratio * width, width, whole: 0, source});
    }
  }
  return references;
}

/**
 * @param fewest whole grains that a kind needs
 * @param isBlunt whether whole grains have blunt ends
 */
function kindsOf(group: readonly Specimen[], fewest: number, isBlunt: boolean): Reference[] {
  const found: Reference[] = [];
  let rest = group;
  while (found.length < MOST_KINDS) {
    const least = Math.max(fewest, (found.length === 0 ? LEAST_SHARE : LEAST_SHARE_OF_NEXT) * group.length);
    const kind = kindOf(rest, least, isBlunt);
    if (!kind) break;
    found.push(kind);
    // What is left without a cut end and far too short is a kind of its own, not a piece of this one.
    rest = rest.filter(({length, cut}) => length < 0.8 * kind.length && cut === false);
  }
  return found;
}

/** The longest kind of `grains` that has at least `least` whole ones. */
function kindOf(grains: readonly Specimen[], least: number, isBlunt: boolean): Reference | undefined {
  const likely = wholeOf(grains);
  if (likely.length >= least && (cutShare(likely) <= MOST_CUT || isBlunt)) return referenceOf(likely);
  // Most grains are pieces: the whole ones are among those that lie apart and have no cut end.
  const uncut = grains.filter((grain) => grain.cut === false && !grain.touching);
  const whole = wholeOf(uncut);
  if (whole.length < least || whole.length < uncut.length / 2) return undefined;
  // Pieces under one label are about equally long, too; but then most of that length have a cut end.
  const lengths = whole.map(({length}) => length);
  const [shortest, longest] = [quantile(lengths, 0), quantile(lengths, 1)];
  const alike = grains.filter(({length}) => length >= shortest && length <= longest);
  return cutShare(alike) <= MOST_CUT ? referenceOf(whole) : undefined;
}

function wholeOf(grains: readonly Specimen[]): Specimen[] {
  const length = wholeLength(grains.map((grain) => grain.length));
  return grains.filter((grain) => grain.length >= WHOLE_FROM * length && grain.length <= length / WHOLE_FROM ** 2);
}

function referenceOf(whole: readonly Specimen[]): Reference {
  const length = wholeLength(whole.map((grain) => grain.length));
  const width = median(whole.map((grain) => grain.width));
  return {length, width, whole: whole.length, source: 'picture'};
}

/** Of the grains that lie apart and show their ends; 0 of none, as nothing speaks against them. */
function cutShare(grains: readonly Specimen[]): number {
  const seen = grains.filter(({cut, touching}) => cut !== undefined && !touching);
  return seen.length === 0 ? 0 : seen.filter(({cut}) => cut).length / seen.length;
}

/** Whether they are of one size, as whole grains are. Length alone would not tell: pieces of round grains are as wide as those. */
function isConcentrated(grains: readonly Specimen[]): boolean {
  const sizes = grains.map(({length, width}) => length * width);
  const middle = median(sizes);
  return sizes.filter((size) => Math.abs(size / middle - 1) <= 0.15).length >= CONCENTRATED * sizes.length;
}

/** Whether most grains have a cut end: a picture of pieces. */
export function areMostlyCut(specimens: readonly Specimen[]): boolean {
  const seen = specimens.filter(({cut, touching}) => cut !== undefined && !touching);
  return seen.length >= 10 && cutShare(specimens) >= 0.5 && !isConcentrated(specimens);
}
