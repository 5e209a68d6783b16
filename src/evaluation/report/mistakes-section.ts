import {type Html, html} from '../../common/html.ts';
import type {Evaluation, Mistake} from '../evaluate.ts';
import {amount, name, percent} from './figures.ts';
import type {EmbeddedPicture} from './page-data.ts';

/** The mistakes with their pictures, the most confident first, and the number of further mistakes. */
export function mistakesSection({mistakes}: Evaluation, pictures: readonly (EmbeddedPicture | undefined)[]): Html {
  const shown = mistakes.slice(0, pictures.length);
  const rest = mistakes.length - shown.length;
  const content =
    mistakes.length === 0
      ? html`<p>There are none.</p>`
      : html`<p>The most confident first. Some may be right after all: a picture can be in the wrong folder.</p>
<ul class="gallery">
${shown.map((mistake, i) => card(mistake, pictures[i]))}
</ul>
${rest > 0 ? html`<p>And ${amount(rest, 'less confident one')}, which <code>--json</code> lists.</p>` : undefined}`;
  return html`<section aria-labelledby="mistakes">
<h2 id="mistakes">The mistakes</h2>
${content}
</section>`;
}

function card({path, label, predicted, confidence}: Mistake, picture: EmbeddedPicture | undefined): Html {
  const alt = `${label}, taken for ${predicted}: ${path}`;
  const image = picture
    ? html`<img src="${picture.uri}" width="${picture.width}" height="${picture.height}" alt="${alt}">`
    : html`<p class="missing">The picture no longer exists.</p>`;
  return html`<li><figure>
<div class="frame">${image}</div>
<figcaption><span class="truth">${name(label)}</span> taken for <span class="taken">${name(predicted)}</span> <span class="sure">${percent(confidence, 1)} sure</span><span class="path">${name(path)}</span></figcaption>
</figure></li>
`;
}
