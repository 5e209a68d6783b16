import {type Html, html} from '../../../common/html.ts';
import {dataTable} from '../../../common/report/data-table.ts';
import {amount, count, percent} from '../../../common/report/figures.ts';
import type {ScannedGrain} from '../../types.ts';
import type {ReportData} from './report-data.ts';
import {remarks} from './words.ts';

/** A row for each grain; the script shows the row of the grain that was chosen beside its picture. */
export function grainsSection({pictures}: ReportData): Html | undefined {
  const grains = pictures.flatMap(({picture}) => picture.grains);
  if (grains.length === 0) return undefined;
  const millimeters = grains.every(({mm, border}) => border || mm !== undefined);
  const unit = millimeters ? 'mm' : 'px';
  const several = pictures.length > 1;
  const rows = pictures.flatMap(({picture, image}, i) =>
    picture.grains.map((grain) =>
      row(grain, {key: `${i + 1}-${grain.id}`, millimeters, several, live: image !== undefined}),
    ),
  );
  const table = dataTable({
    label: 'Table of grains',
    kind: 'grains',
    note: 'Numbered as in the picture, by rows and from left to right. Grains that the border cuts are not measured.',
    columns: [
      {title: several ? 'Picture-grain' : 'Grain'},
      {title: 'Variety'},
      {title: 'Confidence', number: true},
      {title: 'Grade'},
      {title: `Length, ${unit}`, number: true},
      {title: `Width, ${unit}`, number: true},
      {title: 'Of a whole grain', number: true},
      ...(millimeters ? [{title: 'Mass, mg', number: true}] : []),
      {title: 'Remarks'},
    ],
    rows,
  });
  return html`<section class="every" aria-labelledby="grains">
<h2 id="grains">Every grain</h2>
<details><summary>${amount(grains.length, 'grain')} in a table</summary>
${table}
</details>
</section>`;
}

interface RowOptions {
  key: string;
  millimeters: boolean;
  several: boolean;
  /** Whether its picture is in the page. */
  live: boolean;
}

function row(grain: ScannedGrain, {key, millimeters, several, live}: RowOptions): Html {
  const {id, label, known, confidence, border, grade, broken, lengthShare, mass} = grain;
  const shown = several ? key : count(id);
  const size = (value: number | undefined) => (border || value === undefined ? '' : value.toFixed(millimeters ? 2 : 1));
  const {length, width} = millimeters && grain.mm ? grain.mm : grain;
  return html`<tr id="row-${key}"><th scope="row">${live ? html`<button type="button" data-grain="${key}" aria-label="Show grain ${shown}">${shown}</button>` : shown}</th><td>${border ? '' : known ? html`<bdi>${label}</bdi>` : html`unknown, nearest <bdi>${label}</bdi>`}</td><td class="number">${border ? '' : percent(confidence, 1)}</td><td>${grade ?? (broken ? 'broken' : '')}</td><td class="number">${size(length)}</td><td class="number">${size(width)}</td><td class="number">${lengthShare === undefined ? '' : percent(Math.min(9.99, lengthShare), 0)}</td>${millimeters ? html`<td class="number">${mass === undefined ? '' : mass.toFixed(1)}</td>` : undefined}<td>${remarks(grain)}</td></tr>
`;
}
