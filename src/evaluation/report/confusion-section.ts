import {type Html, html} from '../../common/html.ts';
import type {Evaluation} from '../evaluate.ts';
import {dataTable} from './data-table.ts';
import {count, name, percent} from './figures.ts';

/** Colors of a cell, from hardly any to all of its row. */
const LEVELS = 6;

/** The confusion matrix: counts and shares of each row, the more the stronger; nothing is quiet. */
export function confusionSection({confusion: {labels, matrix}}: Evaluation): Html {
  const table = dataTable({
    label: 'Table of true and predicted varieties',
    kind: 'confusion',
    note: 'Rows are what the pictures are, columns what they were taken for. Percentages are shares of the row.',
    columns: [{title: ''}, ...labels.map((title) => ({title, number: true})), {title: 'all', number: true}],
    rows: matrix.map((row, truth) => confusionRow(labels[truth], row, truth)),
  });
  return html`<section aria-labelledby="confusion">
<h2 id="confusion">What was taken for what</h2>
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
  // Mistakes are rare: on a scale of equal steps all would look alike.
  const level = Math.max(1, Math.ceil((right ? share ** 4 : Math.sqrt(share)) * LEVELS));
  return html`<td class="${right ? 'hit' : 'miss'}${level}">${count(cell)}<small>${percent(share)}</small></td>`;
}
