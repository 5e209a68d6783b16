import {type Html, html} from '../../common/html.ts';
import {tile} from '../../common/report/facts.ts';
import {amount, count, name, percent} from '../../common/report/figures.ts';
import type {PageData} from './page-data.ts';

/** Name, version and the beginning of the digest: models of different runs may have the same name and version. */
export function modelName({evaluation: {model}}: PageData): string {
  return `${model.name} ${model.version} (${model.sha256.slice(0, 8)})`;
}

/** The name of the folder that was evaluated, and the part of it. */
export function dataName({folder, part}: PageData): string {
  const base = folder.split(/[\\/]/).findLast((each) => each !== '') ?? folder;
  return part === 'all' ? base : `${base}, ${part} part`;
}

/** The accuracy, its interval, and the other key figures. */
export function headline(data: PageData): Html {
  const {evaluation, part, gate} = data;
  const {images, accuracy, interval, mistakes, calibration, unknown, selective, errors} = evaluation;
  const ofPart = part === 'all' ? '' : ` of the ${part} part`;
  return html`<header>
<p class="kicker">Evaluation of ${name(modelName(data))} on ${name(dataName(data))}, ${data.date.slice(0, 10)}</p>
<h1>${percent(accuracy)} right</h1>
<p class="lead">${count(images - mistakes.length)} of ${amount(images, 'picture')}${ofPart}. With 95 % confidence the true accuracy lies between ${percent(interval.low)} and ${percent(interval.high)}.</p>
${gate && gateLine(gate)}
<dl class="tiles">
${tile('Mistakes', count(mistakes.length))}
${tile('Answered “unknown”', `${count(unknown)} (${percent(images === 0 ? 0 : unknown / images)})`)}
${tile(`Right of the ${percent(selective.coverage, 0)} most trusted`, percent(selective.accuracy))}
${tile('Calibration error', percent(calibration.ece))}
${tile('Unreadable files', count(errors.length))}
</dl>
</header>`;
}

function gateLine({minAccuracy, passed}: NonNullable<PageData['gate']>): Html {
  const verdict = passed ? html`<strong>Good enough:</strong>` : html`<strong>Not good enough:</strong>`;
  return html`<p class="gate ${passed ? 'passed' : 'failed'}">${verdict} at least ${percent(minAccuracy)} is required.</p>`;
}
