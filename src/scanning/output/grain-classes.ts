import {GRADES, type ScannedGrain} from '../types.ts';
import {varietyOf} from '../variety-of.ts';

/** By what grains are colored. */
export const COLOR_BY = ['variety', 'grade'] as const;
export type ColorBy = (typeof COLOR_BY)[number];

/** A group of grains of one color. */
export interface GrainClass {
  name: string;
  /** `#rrggbb`. Drawn with a dark edge, each is seen on any ground. */
  color: string;
}

/** Told apart by color-blind readers as well: after Okabe and Ito, lightened for dark grounds. */
const VARIETY_COLORS = ['#56b4e9', '#f0a30a', '#3ddc97', '#ff7ac6', '#f7ea48', '#b79bff', '#ff7f50', '#7fe0ff'];
const GRADE_COLORS = ['#3ddc97', '#56b4e9', '#f7ea48', '#f0a30a', '#ff7f50', '#ff7ac6'];
export const NO_COLOR = '#c9ccd1';

const UNKNOWN = {name: 'unknown', color: '#ffffff'};
const BORDER = {name: 'at the border', color: NO_COLOR};
/** Where no whole grain shows how much is missing. */
const BROKEN = {name: 'broken', color: '#ff5f6d'};
const NOT_GRADED = {name: 'not graded', color: '#ffffff'};

/**
 * Puts grains into classes by variety or by grade.
 *
 * @param labels of the model, in its order, so that a variety has the same color in every picture
 */
export function grainClasses(by: ColorBy, labels: readonly string[]): (grain: ScannedGrain) => GrainClass {
  const varieties = new Map(labels.map((name, i) => [name, {name, color: colorOf(VARIETY_COLORS, i)}]));
  const grades = new Map<string, GrainClass>(GRADES.map((name, i) => [name, {name, color: colorOf(GRADE_COLORS, i)}]));
  return (grain) => {
    if (grain.border) return BORDER;
    if (by === 'grade') return grades.get(grain.grade ?? '') ?? (grain.broken ? BROKEN : NOT_GRADED);
    const variety = varietyOf(grain);
    if (variety === undefined) return UNKNOWN;
    return varieties.get(variety) ?? {name: variety, color: colorOf(VARIETY_COLORS, labels.length)};
  };
}

function colorOf(colors: readonly string[], i: number): string {
  return colors[i % colors.length];
}

/** The classes of grains that occur, with their numbers: those with a color of their own first, in the order of the colors. */
export function countClasses(
  grains: readonly ScannedGrain[],
  by: ColorBy,
  labels: readonly string[],
): (GrainClass & {count: number})[] {
  const classOf = grainClasses(by, labels);
  const found = new Map<string, GrainClass & {count: number}>();
  for (const grain of grains) {
    const {name, color} = classOf(grain);
    const each = found.get(name) ?? {name, color, count: 0};
    found.set(name, {...each, count: each.count + 1});
  }
  const order: readonly string[] = [
    ...(by === 'grade' ? GRADES : labels),
    UNKNOWN.name,
    BROKEN.name,
    NOT_GRADED.name,
    BORDER.name,
  ];
  const rank = (name: string) => (order.includes(name) ? order.indexOf(name) : labels.length - 0.5);
  return [...found.values()].sort((a, b) => rank(a.name) - rank(b.name));
}
