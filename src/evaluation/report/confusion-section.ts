import {type Html, html} from '../../common/html.ts';
import type {Evaluation} from '../evaluate.ts';
import {dataTable} from './data-table.ts';
import {count, name, percent} from './figures.ts';

/** Number of color levels of a cell, by its share of the row. */
const LEVELS = 6;

/** The confusion matrix: counts and shares of each row, with stronger colors for larger shares. */
export function confusionSection({confusion: {labels, matrix}}: Evaluation): Html {
  const table = dataTable({
    label: 'Table of true and predicted varieties',
    kind: 'confusion',
    note: 'Rows are true varieties, columns predicted ones. Percentages are shares of the row.',
    columns: [{title: ''}, ...labels.map((title) => ({title, number: true})), {title: 'all', number: true}],
    rows: matrix.map((row, truth) => confusionRow(labels[truth], row, truth)),
  });
  return html`<section aria-labelledby="confusion">
<h2 id="confusion">Confusion matrix</h2>
${table}
</section>`;
}

function confusionRow(label: string, row: readonly number[], truth: number): Html {
  const all = row.reduce((sum, cell) => sum + cell, 0);
  const cells = row.map((cell, column) => confusionCell(cell, all, truth === column));
  return html`<tr><th scope="row">${name(label)}</th>${cells}<td class="number">${count(all)}</td></tr>
`;
}

function confusionCell(cell: number, all: number, right: boolean): Html {
  if (cell === 0) return html`<td class="none">0</td>`;
  const share = cell / all;
  // Mistakes are rare, so on a linear scale they would all have the same color.
  const level = Math.max(1, Math.ceil((right ? share ** 4 : Math.sqrt(share)) * LEVELS));
  return html`<td class="${right ? 'hit' : 'miss'}${level}">${count(cell)}<small>${percent(share)}</small></td>`;
}
