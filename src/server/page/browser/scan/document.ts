import type {ScannedGrain, ScannedPicture, ScanSummary} from '../../../../scanning/types.ts';

/** The fields of the server's answer that are shown. */
export interface ScanDocument {
  pictures: [ScannedPicture];
  summary: ScanSummary;
  warnings: string[];
}

export type {ScannedGrain, ScannedPicture, ScanSummary} from '../../../../scanning/types.ts';

/** A length or an area in millimeters where the scale is known, otherwise in pixels. */
export function sizeOf({mm, ...grain}: ScannedGrain): {length: number; width: number; area: number; unit: 'mm' | 'px'} {
  const {length, width, area} = mm ?? grain;
  return {length, width, area, unit: mm ? 'mm' : 'px'};
}

/** `7.12 mm`, `83.4 px`: as many digits as mean something. */
export function measure(value: number, unit: 'mm' | 'px', power: '' | '²' = ''): string {
  return `${value.toFixed(unit === 'mm' ? 2 : 1)} ${unit}${power}`;
}

/** `7 grains`, `1 grain`. */
export function amount(count: number, thing: string): string {
  return `${count.toLocaleString('en')} ${thing}${count === 1 ? '' : 's'}`;
}
