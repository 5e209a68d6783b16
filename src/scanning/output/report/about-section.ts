import {type Html, html} from '../../../common/html.ts';
import {fact} from '../../../common/report/facts.ts';
import {name} from '../../../common/report/figures.ts';
import {NO_CERTIFICATE, neededWords, scaleWords} from '../../grading/words.ts';
import type {ReportData} from './report-data.ts';

/** How the figures came about, and what they do not say. */
export function aboutSection({pictures, model, summary, date, command, version}: ReportData): Html {
  const scales = [...new Set(pictures.map(({picture}) => scaleWords(picture.scale)))];
  const digests =
    pictures.length === 1 ? [fact('SHA-256 of the picture', html`<code>${pictures[0].picture.sha256}</code>`)] : [];
  return html`<section aria-labelledby="about">
<h2 id="about">About this scan</h2>
<p>${NO_CERTIFICATE} Mass is estimated from area and width. ${neededWords(summary.needed, summary.measured)}</p>
<dl class="facts">
${fact('Scale', html`${name(scales.length === 1 ? scales[0] : 'not the same in all pictures')}`)}
${fact('Model', html`${name(model.name)} ${model.version} (${model.sha256.slice(0, 8)})`)}
${digests}
${fact('Command', html`<code>${command}</code>`)}
${fact('Made by', html`rice ${version}, <time datetime="${date}">${date.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')}</time>`)}
</dl>
</section>`;
}
