import {type Html, html} from '../../common/html.ts';
import {dataTable} from '../../common/report/data-table.ts';
import {bar, barNote, barStart, name, percent} from '../../common/report/figures.ts';
import {distinctWorst, type RobustnessRow} from '../robustness/tally.ts';

/** Bars below these shares of right answers get a warning or alarm color. */
const WARNING = 0.95;
const ALARM = 0.8;

/** The accuracy on the same pictures with each change. */
export function robustnessSection(rows: readonly RobustnessRow[] | undefined): Html | undefined {
  if (!rows || rows.length === 0) return undefined;
  const start = barStart(rows.map(({accuracy}) => accuracy));
  const table = dataTable({
    label: 'Table of accuracy under each change',
    kind: 'robustness',
    note: `The pictures as another camera, lamp or table would show them: each change was made to the whole picture before the model saw it. An answer “unknown” counts by its nearest variety.${barNote(start)}`,
    columns: [
      {title: 'Change'},
      {title: 'Right'},
      {title: '95 % interval', number: true},
      {title: '“Unknown”', number: true},
      {title: 'Worst variety'},
    ],
    rows: rows.map((row) => robustnessRow(row, start)),
  });
  return html`<section aria-labelledby="robustness">
<h2 id="robustness">The same pictures, changed</h2>
${table}
</section>`;
}

function robustnessRow(row: RobustnessRow, start: number): Html {
  const {title, images, accuracy, interval, unknown} = row;
  const worst = distinctWorst(row);
  const kind = accuracy < ALARM ? 'bad' : accuracy < WARNING ? 'fair' : 'good';
  return html`<tr><th scope="row">${title}</th><td class="measure"><span>${percent(accuracy)}</span>${bar(accuracy, start, kind)}</td><td class="number">${percent(interval.low)} to ${percent(interval.high)}</td><td class="number">${percent(images === 0 ? 0 : unknown / images, 1)}</td><td>${worst ? html`${name(worst.label)} ${percent(worst.recall)}` : images === 0 ? '-' : 'all alike'}</td></tr>
`;
}
