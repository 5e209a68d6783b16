import type {ChalkInstance} from 'chalk';
import {formatPercent} from '../../cli/format.ts';
import {printable} from '../../cli/printable.ts';
import {renderTable} from '../../cli/table.ts';
import {distinctWorst} from '../../evaluation/robustness/tally.ts';

/** The results for one change, as shown in the table. */
export interface RobustnessRow {
  title: string;
  images: number;
  accuracy: number;
  interval: {low: number; high: number};
  unknown: number;
  perClass: Record<string, {recall: number | null}>;
  worst: {label: string; recall: number} | null;
}

/** The results for each change as a table, one line per change. */
export function renderRobustness(rows: readonly RobustnessRow[], style: ChalkInstance): string {
  const head = ['change', 'accuracy', '95 % interval', 'unknown', 'worst variety', ''].map((name) => style.dim(name));
  const lines = rows.map((row) => {
    const {title, images, accuracy, interval, unknown} = row;
    const worst = distinctWorst(row);
    return [
      `  ${title}`,
      formatPercent(accuracy, 2),
      `${formatPercent(interval.low, 2)} to ${formatPercent(interval.high, 2)}`,
      formatPercent(images === 0 ? 0 : unknown / images),
      worst ? printable(worst.label) : images === 0 ? '-' : 'all alike',
      worst ? formatPercent(worst.recall, 2) : '',
    ];
  });
  return `${style.bold('The same pictures, changed')}\n${renderTable([[`  ${head[0]}`, ...head.slice(1)], ...lines], 'lrrrlr')}`;
}
