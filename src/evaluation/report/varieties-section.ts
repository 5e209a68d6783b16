import {type Html, html} from '../../common/html.ts';
import {dataTable} from '../../common/report/data-table.ts';
import {bar, barNote, barStart, count, name, percent} from '../../common/report/figures.ts';
import type {Measured} from '../evaluate.ts';

/** Precision, recall and F1 of each label, as figures with bars. */
export function varietiesSection({perClass}: Measured): Html {
  const measures = Object.values(perClass).flatMap(({precision, recall, f1}) => [precision, recall, f1]);
  const start = barStart(measures);
  const rows = Object.entries(perClass).map(
    ([label, {precision, recall, f1, support}]) =>
      html`<tr><th scope="row">${name(label)}</th>${[precision, recall, f1].map((share) => measure(share, start))}<td class="number">${count(support)}</td></tr>
`,
  );
  const table = dataTable({
    label: 'Table of precision, recall and F1',
    kind: 'varieties',
    note: `Precision: the share of right answers among the pictures predicted as this variety. Recall: the share of right answers among the pictures of this variety. F1: the harmonic mean of both.${barNote(start)}`,
    columns: [...['Variety', 'Precision', 'Recall', 'F1'].map((title) => ({title})), {title: 'Pictures', number: true}],
    rows,
  });
  return html`<section aria-labelledby="varieties">
<h2 id="varieties">Each variety</h2>
${table}
</section>`;
}

function measure(share: number | null, start: number): Html {
  return html`<td class="measure"><span>${percent(share)}</span>${bar(share, start)}</td>`;
}
