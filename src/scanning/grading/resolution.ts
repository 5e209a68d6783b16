import type {NamedGrain} from './specimen.ts';
import {median} from './statistics.ts';
import {wholeLength} from './whole-length.ts';

/** Below, a long grain has fewer than 42 px, and an error of a pixel at each end moves it across a limit. */
export const LEAST_PX_PER_MM = 6;
/** The same where no scale is known: a short grain of 5 mm at 6 px/mm. */
export const LEAST_LENGTH = 30;

/** Whether the grains of a picture have pixels enough to tell whole from broken ones. */
export function isFineEnough(grains: readonly NamedGrain[]): boolean {
  const inner = grains.filter(({border}) => !border);
  if (inner.length === 0) return true;
  const scales = inner.flatMap(({length, mm}) => (mm && mm.length > 0 ? [length / mm.length] : []));
  if (scales.length > 0) return median(scales) >= LEAST_PX_PER_MM;
  return wholeLength(inner.map(({length}) => length)) >= LEAST_LENGTH;
}
