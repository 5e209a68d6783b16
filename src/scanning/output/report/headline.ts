import {type Html, html} from '../../../common/html.ts';
import {tile} from '../../../common/report/facts.ts';
import {amount, count, name, percent} from '../../../common/report/figures.ts';
import {lengthWords} from '../../grading/words.ts';
import type {ScanSummary} from '../../types.ts';
import type {ReportData} from './report-data.ts';
import {interval} from './words.ts';

/** What was scanned: the path of one picture, or how many there were. */
export function sampleName({pictures}: ReportData): string {
  return pictures.length === 1 ? pictures[0].picture.path : amount(pictures.length, 'picture');
}

/** How many grains, most of them of which variety, and the other key figures. */
export function headline(data: ReportData): Html {
  const {summary, broken, date} = data;
  const {grains, countByArea, measured, lengths} = summary;
  const border = grains - measured;
  return html`<header>
<p class="kicker">Scan of ${name(sampleName(data))}, ${date.slice(0, 10)}</p>
<h1>${amount(grains, 'grain')}</h1>
<p class="lead">${lead(summary)}</p>
<dl class="tiles">
${tile(`Broken (less than ${broken} of a whole one)`, summary.broken ? percent(summary.broken.share, 1) : 'not graded')}
${tile('Mean length', measured === 0 ? '-' : lengthWords(lengths.mean, lengths.unit))}
${tile('Length / width', measured === 0 ? '-' : lengths.ratio.toFixed(2))}
${tile('By area', count(Math.round(countByArea)))}
${tile('Cut by the border', count(border))}
</dl>
</header>`;
}

function lead({shares, measured, purity}: ScanSummary): Html {
  if (measured === 0) return html`None could be measured.`;
  if (purity)
    return html`${percent(purity.share, 1)} are ${name(purity.label)}, with 95 % confidence ${interval(purity.low, purity.high)}.`;
  const {unknown: _, ...varieties} = shares;
  const [most] = Object.entries(varieties).sort(([, a], [, b]) => b.count - a.count);
  if (!most || most[1].count === 0) return html`None is of a variety that the model knows.`;
  const [label, {share, low, high}] = most;
  return html`${percent(share, 1)} are ${name(label)}, with 95 % confidence ${interval(low, high)}.`;
}
