import {type Html, html} from '../../common/html.ts';

export interface Column {
  title: string;
  /** Figures stand to the right. */
  number?: boolean;
}

export interface DataTable {
  /** What it is called for those who cannot see where it stands. */
  label: string;
  /** Its class in the style sheet. */
  kind: string;
  /** What should be known to read it. */
  note: string;
  columns: readonly Column[];
  /** `<tr>` elements, each with its first cell as `<th scope="row">`. */
  rows: readonly Html[];
}

/** A table in a frame that scrolls by itself, also by keyboard, where it is wider than the screen. */
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
