import {type Html, html} from '../../../common/html.ts';
import {dataTable} from '../../../common/report/data-table.ts';
import {bar, count, percent} from '../../../common/report/figures.ts';
import type {ScanSummary, Share} from '../../types.ts';
import type {ReportData} from './report-data.ts';
import {interval} from './words.ts';

/** Every share by number and by estimated mass, with its interval. */
export function sharesSection({summary, broken}: ReportData): Html | undefined {
  if (summary.measured === 0) return undefined;
  const table = dataTable({
    label: 'Table of shares',
    kind: 'shares',
    note: `Of ${count(summary.measured)} grains that no border cuts; grades of those that could be graded. By mass: estimated from area and width, since standards count by mass.`,
    columns: [
      {title: ''},
      {title: 'Grains', number: true},
      {title: 'Share'},
      {title: '95 % interval', number: true},
      {title: 'By mass', number: true},
      {title: '95 % interval', number: true},
    ],
    rows: [...varietyRows(summary), ...gradeRows(summary, broken), ...otherRows(summary)],
  });
  return html`<section aria-labelledby="shares">
<h2 id="shares">Shares</h2>
${table}
</section>`;
}

function varietyRows({shares}: ScanSummary): Html[] {
  const {unknown, ...varieties} = shares;
  const ranked = Object.entries(varieties).sort(([, a], [, b]) => b.count - a.count);
  return [
    ...ranked.map(([label, share]) => row(label, share)),
    ...(unknown && unknown.count > 0 ? [row('unknown', unknown, 'fair')] : []),
  ];
}

function gradeRows({grades, broken}: ScanSummary, below: string): Html[] {
  if (broken === null) return [];
  return [
    row(`broken (less than ${below})`, broken, 'bad', 'first'),
    ...Object.entries(grades).map(([grade, share]) => row(grade, share, 'good', 'part')),
  ];
}

function otherRows({purity, discolored}: ScanSummary): Html[] {
  return [
    ...(purity ? [row(`purity: ${purity.label}`, purity, 'good', 'first')] : []),
    ...(discolored.count > 0 ? [row('discolored', discolored, 'fair', purity ? '' : 'first')] : []),
  ];
}

function row(title: string, share: Share, kind = 'good', place = ''): Html {
  const {count: number, low, high, massShare, massLow, massHigh} = share;
  return html`<tr class="${place}"><th scope="row"><bdi>${title}</bdi></th><td class="number">${count(number)}</td><td class="measure"><span>${percent(share.share, 1)}</span>${bar(share.share, 0, kind)}</td><td class="number">${interval(low, high)}</td><td class="number">${percent(massShare, 1)}</td><td class="number">${interval(massLow, massHigh)}</td></tr>
`;
}
