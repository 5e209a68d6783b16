import {type Html, html} from '../../common/html.ts';
import {dataTable} from '../../common/report/data-table.ts';
import {amount, name} from '../../common/report/figures.ts';
import type {FileError} from '../../dataset/file-error.ts';

/** The largest number of rows, so that browsers can show the page. */
const MOST = 1000;

/** The files that could not be read. */
export function errorsSection(errors: readonly FileError[]): Html | undefined {
  if (errors.length === 0) return undefined;
  const rows = errors.slice(0, MOST).map(
    ({path, code, message}) =>
      html`<tr><th scope="row" class="path">${name(path)}</th><td><code>${code}</code></td><td>${message}</td></tr>
`,
  );
  const rest = errors.length - rows.length;
  const table = dataTable({
    label: 'Table of unreadable files',
    kind: 'errors',
    note: 'They count neither as right nor as wrong.',
    columns: ['File', 'Code', 'Why'].map((title) => ({title})),
    rows,
  });
  return html`<section aria-labelledby="unreadable">
<h2 id="unreadable">Unreadable files</h2>
${table}
${rest > 0 ? html`<p>And ${amount(rest, 'more file')}.</p>` : undefined}
</section>`;
}
