import {percent} from '../../../common/report/figures.ts';
import type {ScannedGrain} from '../../types.ts';

/** A share with its interval. */
export function interval(low: number, high: number): string {
  return `${percent(low, 1)} to ${percent(high, 1)}`;
}

/** What is special about a grain, in a few words. */
export function remarks({border, touching, discolored, corrected, reason}: ScannedGrain): string {
  const parts = [
    border ? 'cut by the border' : undefined,
    !border && reason ? reason : undefined,
    touching ? 'was touching others' : undefined,
    discolored ? 'discolored' : undefined,
    corrected ? 'corrected' : undefined,
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}
