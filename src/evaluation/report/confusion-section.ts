import {type Html, html} from '../../common/html.ts';
import {dataTable} from '../../common/report/data-table.ts';
import {count, name, percent} from '../../common/report/figures.ts';
import type {Measured, Mistake} from '../evaluate.ts';
import {findMistake, mistakeId} from './mistakes-section.ts';

/** Number of color levels of a cell, by its share of the row. */
const LEVELS = 6;

/**
 * The confusion matrix: counts and shares of each row, with stronger colors for larger shares. Mistakes lead to their
 * pictures, of which the page has the first `pictures`.
 */
export function confusionSection({confusion: {labels, matrix}, mistakes}: Measured, pictures: number): Html {
  const shown = mistakes.slice(0, pictures);
  const table = dataTable({
    label: 'Table of true and predicted varieties',
    kind: 'confusion',
    note: 'Rows are true varieties, columns predicted ones. Percentages are shares of the row. Mistakes lead to their pictures.',
    columns: [{title: ''}, ...labels.map((title) => ({title, number: true})), {title: 'all', number: true}],
    rows: matrix.map((row, truth) => confusionRow(labels, row, truth, shown)),
  });
  return html`<section aria-labelledby="confusion">
<h2 id="confusion">Confusion matrix</h2>
${table}
</section>`;
}

function confusionRow(
  labels: readonly string[],
  row: readonly number[],
  truth: number,
  shown: readonly Mistake[],
): Html {
  const label = labels[truth];
  const all = row.reduce((sum, cell) => sum + cell, 0);
  const cells = row.map((cell, column) =>
    confusionCell(cell, all, truth === column, findMistake(shown, {label, predicted: labels[column]})),
  );
  return html`<tr><th scope="row">${name(label)}</th>${cells}<td class="number">${count(all)}</td></tr>
`;
}

function confusionCell(cell: number, all: number, right: boolean, picture: number | undefined): Html {
  if (cell === 0) return html`<td class="none">0</td>`;
  const share = cell / all;
  // Mistakes are rare, so on a linear scale they would all have the same color.
  const level = Math.max(1, Math.ceil((right ? share ** 4 : Math.sqrt(share)) * LEVELS));
  const number = picture === undefined ? count(cell) : html`<a href="#${mistakeId(picture)}">${count(cell)}</a>`;
  return html`<td class="${right ? 'hit' : 'miss'}${level}">${number}<small>${percent(share)}</small></td>`;
}
