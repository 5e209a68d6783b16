import {defined} from '../../common/defined.ts';
import type {SizeClasses} from '../types.ts';

/**
 * Classes of size of a sample of whole milled grains.
 *
 * - USDA (FGIS, milled rice): length / width of at least 3.0 is long, 2.0 to 2.9 medium, at most 1.9 short. The rule is
 *   written with one decimal, so the ratio is rounded to one.
 * - EU (Regulation 1308/2013, annex II, part I; the same text as 1234/2007, annex III): round up to 5.2 mm and a ratio below
 *   2; medium above 5.2 up to 6.0 mm and a ratio of at most 3; long A above 6.0 mm and a ratio above 2 and below 3; long B
 *   above 6.0 mm and a ratio of at least 3. Some shapes have no class: a slender grain of 5 mm.
 * - Codex (STAN 198-1995, annex, the option by length): long from 6.6 mm, medium from 6.2 mm, short below.
 *
 * @param ratio mean length / width
 * @param length mean length in mm; without it only the USDA's class is known
 */
export function sizeClasses(ratio: number, length?: number): SizeClasses {
  if (length === undefined) return {usda: usdaClass(ratio)};
  return {usda: usdaClass(ratio), codex: codexClass(length), ...defined({eu: euClass(length, ratio)})};
}

function usdaClass(ratio: number): SizeClasses['usda'] {
  // In tenths: 2.95 is 2.9499... in binary, and must not depend on that.
  const tenths = Math.round(Number((ratio * 10).toPrecision(12)));
  if (tenths >= 30) return 'long';
  return tenths >= 20 ? 'medium' : 'short';
}

function euClass(length: number, ratio: number): SizeClasses['eu'] {
  if (length <= 5.2) return ratio < 2 ? 'round' : undefined;
  if (length <= 6) return ratio <= 3 ? 'medium' : undefined;
  if (ratio >= 3) return 'long B';
  return ratio > 2 ? 'long A' : undefined;
}

function codexClass(length: number): NonNullable<SizeClasses['codex']> {
  if (length >= 6.6) return 'long';
  return length >= 6.2 ? 'medium' : 'short';
}
