import type {MeasuredGrain} from '../types.ts';
import {groupBy} from './group-by.ts';
import type {NamedGrain} from './specimen.ts';
import {median, robustDeviation} from './statistics.ts';

type Color = MeasuredGrain['color'];

/** Fewer grains of a variety are compared with those of all. */
const LEAST_GRAINS = 10;
/** Distances in L*a*b* (CIE 1976) that count; 2.3 is just noticed, so uniform rice under uneven light has none. */
const REDDER = 8;
/** Shadows darken, too: only what is almost black is told from them. */
const DARKER = 30;
/** The same in robust standard deviations of the picture's grains. */
const DEVIATIONS = 5;

interface Typical {
  color: Color;
  redder: number;
  darker: number;
}

/**
 * Which grains have a color far from that of the others of their variety in this picture: redder or yellower, as by heat,
 * water, insects or red bran, or almost black. Whiter ones are chalky, not discolored. The distance must be large both for
 * the eye and beside how much the grains differ anyway.
 */
export function findDiscolored(grains: readonly NamedGrain[]): boolean[] {
  const inner = grains.filter(({border}) => !border);
  const groups = groupBy(inner, ({known, label}) => (known ? label : undefined));
  const ofAll = typical(inner.map(({color}) => color));
  const typicals = new Map<string, Typical>();
  for (const [label, group] of groups)
    if (label !== undefined && group.length >= LEAST_GRAINS)
      typicals.set(label, typical(group.map(({color}) => color)));
  return grains.map(({border, known, label, color}) => {
    if (border || inner.length < LEAST_GRAINS) return false;
    return isFar(color, (known ? typicals.get(label) : undefined) ?? ofAll);
  });
}

function typical(colors: readonly Color[]): Typical {
  const color = {
    L: median(colors.map(({L}) => L)),
    a: median(colors.map(({a}) => a)),
    b: median(colors.map(({b}) => b)),
  };
  const redder = Math.hypot(robustDeviation(colors.map(({a}) => a)), robustDeviation(colors.map(({b}) => b)));
  return {color, redder, darker: robustDeviation(colors.map(({L}) => L))};
}

function isFar(color: Color, {color: usual, redder, darker}: Typical): boolean {
  const shift = Math.hypot(Math.max(0, color.a - usual.a), Math.max(0, color.b - usual.b));
  if (shift >= Math.max(REDDER, DEVIATIONS * redder)) return true;
  return usual.L - color.L >= Math.max(DARKER, DEVIATIONS * darker);
}
