import {varietyOf} from '../../../../scanning/variety-of.ts';
import {makeSvg} from '../elements.ts';
import type {ScannedGrain} from './document.ts';

/** What outlines are colored by. */
export type Coloring = 'variety' | 'grade';

/** Colors of the style sheet; the last one is for what is in no class. */
const COLORS = 8;

export interface Kind {
  name: string;
  /** Classes of the style sheet: a color, and a dash where the color alone would tell it. */
  look: string;
}

/** The class of a grain. @param labels those that occur, whose order gives each its color */
export function kindOf(grain: ScannedGrain, coloring: Coloring, labels: readonly string[]): Kind {
  if (grain.border) return {name: 'cut by the border', look: 'k8 faint'};
  if (coloring === 'grade') {
    if (grain.broken === undefined) return {name: 'not graded', look: 'k8'};
    return grain.broken ? {name: 'broken', look: 'k5 dashed'} : {name: 'not broken', look: 'k1'};
  }
  // As the sums count it.
  const variety = varietyOf(grain);
  if (variety === undefined || !labels.includes(variety)) return {name: 'unknown', look: 'k8 dashed'};
  return {name: variety, look: `k${labels.indexOf(variety) % COLORS}`};
}

/** The kinds that occur, with their numbers: the most frequent first. */
export function legendOf(
  grains: readonly ScannedGrain[],
  coloring: Coloring,
  labels: readonly string[],
): {kind: Kind; count: number}[] {
  const kinds = new Map<string, {kind: Kind; count: number}>();
  for (const grain of grains) {
    const kind = kindOf(grain, coloring, labels);
    const entry = kinds.get(kind.name) ?? {kind, count: 0};
    entry.count++;
    kinds.set(kind.name, entry);
  }
  return [...kinds.values()].sort((a, b) => b.count - a.count);
}

/** A short line as the outlines of a kind are drawn. */
export function sampleLine({look}: Kind): SVGElement {
  const line = makeSvg('line', {x1: 1, y1: 5, x2: 19, y2: 5, class: `g ${look}`});
  return makeSvg('svg', {viewBox: '0 0 20 10', 'aria-hidden': 'true'}, line);
}
