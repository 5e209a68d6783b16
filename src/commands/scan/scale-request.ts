import {RiceError} from '../../common/errors.ts';
import type {ScaleRequest} from '../../scanning/scale/types.ts';

export interface ScaleFlags {
  'px-per-mm'?: number | undefined;
  dpi?: number | undefined;
  reference?: string | undefined;
  'reference-at'?: string | undefined;
}

/**
 * What the flags say about the scale.
 *
 * @throws RiceError USAGE or OUT_OF_RANGE
 */
export function scaleRequest(flags: ScaleFlags): ScaleRequest {
  const {'px-per-mm': pxPerMm, dpi, reference, 'reference-at': place} = flags;
  if (pxPerMm !== undefined) return {from: 'px-per-mm', pxPerMm};
  if (dpi !== undefined) return {from: 'dpi', dpi};
  if (reference === undefined) return {from: 'auto'};
  const at = place === undefined ? {} : {at: pointOf(place)};
  const [what, size, ...rest] = reference.trim().toLowerCase().split(':');
  if (what === 'coin' && rest.length === 0) return {from: 'coin', diameter: diameterOf(reference, size), ...at};
  if (size === undefined && (what === 'card' || what === 'a4' || what === 'letter')) return {from: what, ...at};
  if (size === undefined && what === 'target') return {from: 'target'};
  throw new RiceError('USAGE', `--reference: expected coin:DIAMETER, card, a4, letter or target, got "${reference}"`, {
    suggestions: ['Name what lies beside the grains, such as coin:23.25 for a coin of 23.25 mm.'],
  });
}

function diameterOf(reference: string, size: string | undefined): number {
  const diameter = Number(size?.replace(/ ?mm$/, ''));
  if (size === undefined || size === '' || !Number.isFinite(diameter))
    throw new RiceError('USAGE', `--reference: "${reference}" has no diameter in millimeters`, {
      suggestions: ['Name it behind a colon: coin:23.25 is 1 euro, coin:24.26 a US quarter.'],
    });
  if (diameter < 5 || diameter > 200)
    throw new RiceError('OUT_OF_RANGE', `--reference: ${size} is out of range: a diameter must be from 5 to 200 mm`);
  return diameter;
}

function pointOf(text: string): [number, number] {
  const numbers = /^\s*(\d+(?:\.\d+)?)\s*,\s*(\d+(?:\.\d+)?)\s*$/.exec(text);
  if (numbers) return [Number(numbers[1]), Number(numbers[2])];
  throw new RiceError('USAGE', `--reference-at: expected two numbers such as 1020,380, got "${text}"`);
}
