import {formatPercent} from '../../common/format-percent.ts';
import type {Scale, Share, SizeClasses} from '../types.ts';

const COUNT = new Intl.NumberFormat('en-US', {maximumFractionDigits: 0});

/** A share with its interval, `5.0% (3.4% to 7.3%)`; how every output writes it. */
export function shareWords(share: {share: number; low: number; high: number}): string {
  return `${formatPercent(share.share)} (${formatPercent(share.low)} to ${formatPercent(share.high)})`;
}

/** The same by estimated mass. */
export function massShareWords({massShare, massLow, massHigh}: Share): string {
  return shareWords({share: massShare, low: massLow, high: massHigh});
}

/** A length with its unit: `7.02 mm`, `83 px`. */
export function lengthWords(length: number, unit: 'px' | 'mm'): string {
  return unit === 'mm' ? `${length.toFixed(2)} mm` : `${length.toFixed(length < 10 ? 1 : 0)} px`;
}

/** Where the scale comes from: `11.81 px/mm, from ...`, or that there is none. */
export function scaleWords(scale: Scale | null): string {
  if (!scale) return 'no scale: lengths are in pixels';
  const tilt = scale.tilt === undefined ? '' : `, tilted by ${scale.tilt.toFixed(0)}°`;
  return `${scale.pxPerMm.toFixed(2)} px/mm, from ${scale.description}${tilt}`;
}

/** `long (USDA), long A (EU)`: the class by each rule that has one. */
export function classWords({usda, eu, codex}: SizeClasses): string {
  const rules = [
    [usda, 'USDA'],
    [eu, 'EU'],
    [codex, 'Codex'],
  ].filter(([name]) => name !== undefined);
  return rules.map(([name, rule]) => `${name} (${rule})`).join(', ');
}

/** How many grains would be needed; for beneath the shares. */
export function neededWords(needed: number, measured: number): string {
  const grains = COUNT.format(needed);
  if (measured >= needed) return `${COUNT.format(measured)} grains are enough for ±1 point (${grains} needed).`;
  return `For ±1 point ${grains} grains are needed; these are ${COUNT.format(measured)}.`;
}

/** What no picture can say; under every summary. */
export const NO_CERTIFICATE =
  'An estimate from pictures, not a certificate: standards count defects by mass in 500 g, which are about 25,000 grains.';
