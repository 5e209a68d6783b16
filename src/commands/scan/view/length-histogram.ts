import {renderBar} from '../../../cli/bar.ts';
import {formatCount} from '../../../cli/format.ts';
import {renderTable} from '../../../cli/table.ts';
import type {ScanSummary} from '../../../scanning/types.ts';
import type {ViewOptions} from './view-options.ts';

/** More rows than this are put together, so that all fit on a screen. */
const MOST_ROWS = 16;
const BAR = 40;

/** How many grains have which length, a bar a row. */
export function lengthHistogram({lengths}: ScanSummary, {style, utf8, columns}: ViewOptions): string {
  const {unit, histogram} = lengths;
  const {edges, counts} = merged(trimmed(histogram));
  const most = Math.max(1, ...counts);
  const digits = decimals(edges);
  const width = Math.max(8, Math.min(BAR, columns - 30));
  const rows = counts.map((count, i) => [
    `${edges[i].toFixed(digits)} to ${edges[i + 1].toFixed(digits)}`,
    formatCount(count),
    style.cyan(renderBar(count / most, width, utf8).trimEnd()),
  ]);
  return renderTable([[`length in ${unit}`, 'grains'].map((name) => style.dim(name)), ...rows], 'rrl');
}

type Histogram = ScanSummary['lengths']['histogram'];

/** Without the empty classes at both ends. */
function trimmed({edges, counts}: Histogram): Histogram {
  const first = Math.max(
    0,
    counts.findIndex((count) => count > 0),
  );
  const last = counts.findLastIndex((count) => count > 0) + 1;
  return {edges: edges.slice(first, last + 1), counts: counts.slice(first, last)};
}

function merged({edges, counts}: Histogram): Histogram {
  const step = Math.ceil(counts.length / MOST_ROWS);
  if (step <= 1) return {edges, counts};
  const starts = counts.map((_, i) => i).filter((i) => i % step === 0);
  return {
    edges: [...starts.map((i) => edges[i]), edges[counts.length]],
    counts: starts.map((i) => counts.slice(i, i + step).reduce((sum, count) => sum + count, 0)),
  };
}

/** As many as tell the edges apart, two at most. */
function decimals(edges: readonly number[]): number {
  const isWhole = (unit: number) => edges.every((edge) => Math.abs(edge * unit - Math.round(edge * unit)) < 1e-6);
  return isWhole(1) ? 0 : isWhole(10) ? 1 : 2;
}
