import {type Html, html} from '../../../common/html.ts';
import {dataTable} from '../../../common/report/data-table.ts';
import {count, percent} from '../../../common/report/figures.ts';
import type {ScannedPicture} from '../../types.ts';
import type {ReportData} from './report-data.ts';

/** A row for each picture of a sample of several. */
export function sampleSection({pictures}: ReportData): Html | undefined {
  if (pictures.length < 2) return undefined;
  const table = dataTable({
    label: 'Table of pictures',
    kind: 'sample',
    note: 'All of them together are one sample.',
    columns: [
      {title: 'Picture'},
      {title: 'Grains', number: true},
      {title: 'By area', number: true},
      {title: 'Broken', number: true},
      {title: 'Scale, px/mm', number: true},
    ],
    rows: pictures.map(({picture}, i) => row(picture, i + 1)),
  });
  return html`<section aria-labelledby="sample">
<h2 id="sample">Each picture</h2>
${table}
</section>`;
}

function row({path, count: grains, countByArea, grains: list, scale}: ScannedPicture, number: number): Html {
  const graded = list.filter(({broken}) => broken !== undefined);
  const broken = graded.length === 0 ? '-' : percent(graded.filter((grain) => grain.broken).length / graded.length, 1);
  return html`<tr><th scope="row" class="path">${number}. <bdi>${path}</bdi></th><td class="number">${count(grains)}</td><td class="number">${count(Math.round(countByArea))}</td><td class="number">${broken}</td><td class="number">${scale ? scale.pxPerMm.toFixed(2) : '-'}</td></tr>
`;
}
