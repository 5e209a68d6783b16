import type {ChalkInstance} from 'chalk';
import {formatCount} from '../../cli/format.ts';
import {renderTable} from '../../cli/table.ts';

/** A confusion matrix (rows: true labels, columns: predicted labels): right answers in green, mistakes in red. */
export function renderConfusion(labels: string[], matrix: number[][], style: ChalkInstance): string {
  const head = [style.dim('true \\ predicted'), ...labels];
  const rows = matrix.map((row, actual) => [
    labels[actual],
    ...row.map((count, predicted) => {
      if (count === 0) return style.dim('.');
      return predicted === actual ? style.green(formatCount(count)) : style.red(formatCount(count));
    }),
  ]);
  return renderTable([head, ...rows], 'lr');
}
