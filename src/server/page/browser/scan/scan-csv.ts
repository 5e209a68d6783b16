import {GRAIN_COLUMNS} from '../../../../scanning/output/grain-columns.ts';
import {toLine} from '../csv.ts';
import type {ScannedPicture} from './document.ts';

/** The grains as a table for a spreadsheet, with the columns of `rice scan --format csv`. @param name of the picture's file */
export function toScanCsv(name: string, labels: readonly string[], {grains}: ScannedPicture): string {
  const head = ['path', ...GRAIN_COLUMNS.map(([column]) => column), ...labels];
  const rows = grains.map((grain) => {
    const cells = GRAIN_COLUMNS.map(([, cell]) => cell(grain) ?? '');
    return [name, ...cells, ...labels.map((label) => grain.probabilities[label] ?? '')];
  });
  return [head, ...rows].map(toLine).join('');
}
