import {type Html, html} from '../../common/html.ts';
import {REASON_HELP, REASONS} from '../../model/rejection.ts';
import type {Evaluation} from '../evaluate.ts';
import {dataTable} from './data-table.ts';
import {count, percent} from './figures.ts';

/** The reasons for “unknown”, their counts, and what helps. */
export function unknownSection({images, reasons}: Evaluation): Html | undefined {
  const rows = REASONS.flatMap((reason) => {
    const number = reasons[reason];
    if (number === undefined) return [];
    return [
      html`<tr><th scope="row">${reason}</th><td class="number">${count(number)}</td><td class="number">${percent(number / images)}</td><td>${REASON_HELP[reason]}</td></tr>
`,
    ];
  });
  if (rows.length === 0) return undefined;
  const table = dataTable({
    label: 'Table of reasons for “unknown”',
    kind: 'unknown',
    note: 'If several reasons apply, the first one counts. For the accuracy, these answers count by their nearest variety.',
    columns: [
      {title: 'Reason'},
      {title: 'Pictures', number: true},
      {title: 'Share', number: true},
      {title: 'What it means and what helps'},
    ],
    rows,
  });
  return html`<section aria-labelledby="unknown">
<h2 id="unknown">Answered “unknown”</h2>
${table}
</section>`;
}
