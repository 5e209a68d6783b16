import {type Html, html} from '../html.ts';

export interface Column {
  title: string;
  /** Whether the column has numbers, which are aligned right. */
  number?: boolean;
}

export interface DataTable {
  /** The caption and accessible name. */
  label: string;
  /** The class in the style sheet. */
  kind: string;
  /** A note on how to read the table. */
  note: string;
  columns: readonly Column[];
  /** `<tr>` elements, each with its first cell as `<th scope="row">`. */
  rows: readonly Html[];
}

/** A table in a frame that scrolls, also by keyboard, if the table is wider than the screen. */
export function dataTable({label, kind, note, columns, rows}: DataTable): Html {
  const head = columns.map(({title, number}) =>
    title === ''
      ? html`<td></td>`
      : html`<th scope="col"${number ? html` class="number"` : undefined}><bdi>${title}</bdi></th>`,
  );
  return html`<p class="note">${note}</p>
<div class="scroll" role="region" aria-label="${label}" tabindex="0"><table class="${kind}">
<caption>${label}</caption>
<thead><tr>${head}</tr></thead>
<tbody>
${rows}
</tbody>
</table></div>`;
}
