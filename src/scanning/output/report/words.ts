import {percent} from '../../../common/report/figures.ts';
import type {Scale, ScannedGrain, ScanSummary} from '../../types.ts';

/** A share with its interval. */
export function interval(low: number, high: number): string {
  return `${percent(low, 1)} to ${percent(high, 1)}`;
}

/** `7.02 mm`, `83 px`. */
export function length(value: number, unit: 'px' | 'mm'): string {
  return unit === 'mm' ? `${value.toFixed(2)} mm` : `${value.toFixed(value < 10 ? 1 : 0)} px`;
}

/** `long (USDA), long A (EU)`; undefined without classes. */
export function classes({sizeClasses}: ScanSummary): string | undefined {
  if (!sizeClasses) return undefined;
  const {usda, eu, codex} = sizeClasses;
  const rules = [
    [usda, 'USDA'],
    [eu, 'EU'],
    [codex, 'Codex'],
  ].filter(([name]) => name !== undefined);
  return rules.map(([name, rule]) => `${name} (${rule})`).join(', ');
}

export function scaleText(scale: Scale | null): string {
  if (scale === null) return 'none, so lengths are in pixels';
  const tilt = scale.tilt === undefined ? '' : `, tilted by ${scale.tilt.toFixed(0)}°`;
  return `${scale.pxPerMm.toFixed(2)} px/mm from ${scale.description}${tilt}`;
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
