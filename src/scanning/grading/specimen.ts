import {defined} from '../../common/defined.ts';
import type {GrainName, MeasuredGrain, Size} from '../types.ts';
import {findCut} from './end-width.ts';

/** A grain as grading sees it. */
export type NamedGrain = MeasuredGrain & GrainName & {mm?: Size};

/** What of a grain says whether it is whole. */
export interface Specimen {
  /** In mm if every grain of the picture has them, which corrects the perspective; otherwise in px. */
  length: number;
  width: number;
  /** Only of a grain that is known: the label of another is a guess. */
  label?: string;
  /** Whether it shows a cut; undefined where the outline says nothing. */
  cut?: boolean;
  /** Whether it may be a piece that is wider than long, so that its width is what is left of the length. */
  sideways?: true;
  /** Separated from others: its ends may be the line of separation. */
  touching: boolean;
}

/** The grains of one picture, and whether their sizes are in mm. */
export interface Specimens {
  /** In the order of the grains; undefined for those that can't be measured: at the border, or without a size. */
  all: readonly (Specimen | undefined)[];
  metric: boolean;
}

export function specimensOf(grains: readonly NamedGrain[]): Specimens {
  const metric = grains.every((grain) => grain.border || grain.mm !== undefined);
  const all = grains.map((grain) => {
    const {length, width} = metric && grain.mm ? grain.mm : grain;
    if (grain.border || !(length > 0 && width > 0)) return undefined;
    const cut = findCut(grain);
    const optional = defined({
      label: grain.known ? grain.label : undefined,
      cut: cut === undefined ? undefined : cut !== 'none',
      sideways: cut === 'side' ? (true as const) : undefined,
    });
    return {length, width, touching: grain.touching, ...optional};
  });
  return {all, metric};
}
