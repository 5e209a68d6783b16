import {type Html, html} from '../../common/html.ts';
import {fact} from '../../common/report/facts.ts';
import {duration, name} from '../../common/report/figures.ts';
import type {PageData} from './page-data.ts';

/** How the findings came about. */
export function aboutSection({audit, date, command, version}: PageData): Html {
  const {dataset, method, folds, model, corrections, seconds} = audit;
  const judges = {
    head: `a linear classifier of the model's features that has not seen the picture, in ${folds} folds`,
    network: `a network that has not seen the picture, in ${folds} folds`,
    model: 'the model itself: of pictures that it was trained on it has learned the wrong labels',
  };
  return html`<section aria-labelledby="about">
<h2 id="about">About this audit</h2>
<dl class="facts">
${method ? fact('Labels were judged by', html`${judges[method]}`) : undefined}
${model ? fact('Model', html`${name(model.name)} ${model.version} (${model.sha256.slice(0, 8)})`) : undefined}
${corrections ? fact('Corrected before', html`${name(corrections.file)}: ${corrections.relabeled} relabeled, ${corrections.excluded} left out, ${corrections.kept} kept`) : undefined}
${fact('Digest of the pictures', html`<code>${dataset.digest}</code>`)}
${fact('Command', html`<code>${command}</code>`)}
${fact('Made by', html`rice ${version} in ${duration(seconds)}, <time datetime="${date}">${date.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')}</time>`)}
</dl>
</section>`;
}
