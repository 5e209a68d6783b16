import {type Html, html} from '../../common/html.ts';
import {name} from '../../common/report/figures.ts';
import type {SampleBatch} from './sample-batches.ts';

/** What the network was shown. */
export function samplesSection(batches: readonly SampleBatch[]): Html | undefined {
  if (batches.length === 0) return undefined;
  return html`<section aria-labelledby="samples">
<h2 id="samples">What the network saw</h2>
<p>The beginning of the first batch and of the last, made as for the training: found, laid level, augmented. Where it says “no grain”, a picture was turned into something that is none, for which the network learns to be unsure.</p>
${batches.map(
  ({epoch, step, windows}) => html`<h3>Epoch ${epoch}, step ${step}</h3>
<ul class="samples">
${windows.map(
  ({picture: {uri, width, height}, label}) =>
    html`<li><figure><img src="${uri}" width="${width}" height="${height}" alt=""><figcaption>${label === undefined ? html`<i>no grain</i>` : name(label)}</figcaption></figure></li>
`,
)}</ul>`,
)}
</section>`;
}
