import {shortenPath} from '../../../cli/fit.ts';
import {formatCount, formatPercent} from '../../../cli/format.ts';
import {printable} from '../../../cli/printable.ts';
import {padEnd, padStart} from '../../../cli/table.ts';
import type {ScanSummary} from '../../../scanning/types.ts';
import type {ViewOptions} from './view-options.ts';

const NUMBERS = [
  {title: 'grains', width: 6},
  {title: 'broken', width: 6},
  {title: 'length', width: 7},
] as const;
const VARIETY = 18;
const WIDEST_PATH = 40;

/** The head of the rows of pictures. */
export function pictureHead({style, columns}: Pick<ViewOptions, 'style' | 'columns'>): string {
  const titles = NUMBERS.map(({title, width}) => padStart(title, width));
  return style.dim([padEnd('picture', pathWidth(columns)), ...titles, 'mostly'].join('  '));
}

/** A picture of several: its grains, how many are broken, how long they are, and which variety most of them have. */
export function pictureRow(
  path: string,
  {grains, broken, lengths, measured, shares}: ScanSummary,
  {utf8, columns}: Pick<ViewOptions, 'utf8' | 'columns'>,
): string {
  const {unknown: _, ...varieties} = shares;
  const [most] = Object.entries(varieties).sort(([, a], [, b]) => b.count - a.count);
  const named =
    most === undefined || most[1].count === 0 ? '-' : `${printable(most[0])} ${formatPercent(most[1].share, 0)}`;
  const values = [
    formatCount(grains),
    broken === null ? '-' : formatPercent(broken.share),
    measured === 0 ? '-' : lengths.unit === 'mm' ? `${lengths.mean.toFixed(2)}mm` : `${lengths.mean.toFixed(0)}px`,
  ];
  const width = pathWidth(columns);
  const shown = padEnd(Number.isFinite(columns) ? shortenPath(printable(path), width, utf8) : printable(path), width);
  return [shown, ...values.map((value, i) => padStart(value, NUMBERS[i].width)), named].join('  ');
}

function pathWidth(columns: number): number {
  const others = NUMBERS.reduce((sum, {width}) => sum + width + 2, 0) + VARIETY + 2;
  return Math.max(12, Math.min(WIDEST_PATH, columns - others));
}
