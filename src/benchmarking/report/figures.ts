import {count} from '../../common/report/figures.ts';
import type {Estimate} from '../statistics/estimate.ts';

/** A number of images a second. */
export function rate(value: number): string {
  return value < 100 ? value.toFixed(1) : count(value);
}

export function range({low, high}: Estimate, format: (value: number) => string): string {
  return low === null || high === null ? '-' : `${format(low)} to ${format(high)}`;
}

/** Milliseconds with three digits that count, and `-` for null. */
export function milliseconds(value: number | null): string {
  if (value === null) return '-';
  return value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : count(value);
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e8 ? 1 : 0)} MB`;
}
