import {type Html, html} from '../../common/html.ts';
import {fact} from '../../common/report/facts.ts';
import {amount, count, duration, name} from '../../common/report/figures.ts';
import type {ModelHistory, PageData} from './page-data.ts';

/** The data, the model and the command of the evaluation. */
export function aboutSection(data: PageData): Html {
  const {evaluation, folder, part, limit, history, device, trust, date, command, version} = data;
  const {model, images, perClass, seconds, imagesPerSecond} = evaluation;
  const varieties = Object.entries(perClass).map(
    ([label, {support}], i) => html`${i > 0 ? ', ' : ''}${name(label)} ${count(support)}`,
  );
  return html`<section aria-labelledby="about">
<h2 id="about">About this evaluation</h2>
<dl class="facts">
${fact('Command', html`<code>${command}</code>`)}
${fact('Date', html`<time datetime="${date}">${date.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')}</time>`)}
${fact('Folder', html`<code>${name(folder)}</code>`)}
${fact('Pictures', html`${amount(images, 'picture')}${part === 'all' ? '' : ` of the ${part} part`}${limit === undefined ? '' : `, limited to ${count(limit)}`}: ${varieties}`)}
${fact('Model', html`${name(model.name)} ${model.version}`)}
${fact('Answers accepted', html`with <code>--trust ${trust}</code>`)}
${fact('SHA-256 of the model', html`<code>${model.sha256}</code>`)}
${history && historyFacts(history)}
${fact('Computed', html`on ${device} in ${duration(seconds)}, ${count(imagesPerSecond)} pictures a second`)}
${fact('Made by', html`rice ${version}`)}
</dl>
</section>`;
}

/** The metadata of a model file is not checked when it is loaded, so missing facts are omitted. */
function historyFacts({network, parameters, date, dataset, split}: ModelHistory): Html[] {
  const facts: [term: string, value: string | undefined][] = [
    ['Network', network && `${network}${parameters === undefined ? '' : `, ${amount(parameters, 'parameter')}`}`],
    ['Trained', date && String(date).slice(0, 10)],
    ['Training pictures', dataset?.images === undefined ? undefined : amount(dataset.images, 'picture')],
    ['Their digest', dataset?.digest],
    ['Seed of the split', split?.seed === undefined ? undefined : String(split.seed)],
  ];
  return facts.flatMap(([term, value]) => (value ? [fact(term, html`${value}`)] : []));
}
