import type {ChalkInstance} from 'chalk';
import {renderBar} from '../../../cli/bar.ts';
import {formatCount, formatPercent} from '../../../cli/format.ts';
import {printable} from '../../../cli/printable.ts';
import {renderTable} from '../../../cli/table.ts';
import type {ScanSummary, Share} from '../../../scanning/types.ts';
import type {ViewOptions} from './view-options.ts';

/** Columns of a terminal from which on each part has room. */
const COLUMNS_FOR_INTERVAL = 48;
const COLUMNS_FOR_MASS = 58;
const COLUMNS_FOR_BAR = 76;
const BAR = 18;

interface Row {
  name: string;
  share: Share;
  color: (text: string) => string;
}

/** Every share of a sample by number, with its interval, by estimated mass, and as a bar. */
export function shareTable(summary: ScanSummary, {style, utf8, columns, broken}: ViewOptions): string {
  const groups = [varietyRows(summary, style), gradeRows(summary, broken, style), otherRows(summary, style)].filter(
    (rows) => rows.length > 0,
  );
  const head = ['variety', 'grains', 'share', '95 % interval', 'by mass'].map((name) => style.dim(name));
  const table = [head, ...groups.flatMap((rows, i) => [...(i > 0 ? [['']] : []), ...rows.map(cells)])];
  return renderTable(table.map(fit), 'lrrrrl');

  function cells({name, share, color}: Row): string[] {
    return [
      printable(name),
      formatCount(share.count),
      formatPercent(share.share),
      `${formatPercent(share.low)} to ${formatPercent(share.high)}`,
      formatPercent(share.massShare),
      color(renderBar(share.share, BAR, utf8).trimEnd()),
    ];
  }

  function fit(row: string[]): string[] {
    const kept =
      columns < COLUMNS_FOR_INTERVAL ? 3 : columns < COLUMNS_FOR_MASS ? 4 : columns < COLUMNS_FOR_BAR ? 5 : 6;
    return row.slice(0, kept);
  }
}

function varietyRows({shares}: ScanSummary, style: ChalkInstance): Row[] {
  const {unknown, ...varieties} = shares;
  const ranked = Object.entries(varieties).sort(([, a], [, b]) => b.count - a.count);
  const rows = ranked.map(([name, share]) => ({name, share, color: style.green}));
  return unknown === undefined || unknown.count === 0
    ? rows
    : [...rows, {name: 'unknown', share: unknown, color: style.yellow}];
}

function gradeRows({grades, broken}: ScanSummary, below: string, style: ChalkInstance): Row[] {
  if (broken === null) return [];
  const rows = Object.entries(grades).map(([name, share]) => ({name: `  ${name}`, share, color: style.cyan}));
  return [{name: `broken (< ${below})`, share: broken, color: style.red}, ...rows];
}

function otherRows({discolored, purity}: ScanSummary, style: ChalkInstance): Row[] {
  return [
    ...(purity === undefined ? [] : [{name: `purity: ${purity.label}`, share: purity, color: style.green}]),
    ...(discolored.count === 0 ? [] : [{name: 'discolored', share: discolored, color: style.yellow}]),
  ];
}
