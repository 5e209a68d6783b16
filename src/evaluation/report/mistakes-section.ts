import {type Html, html} from '../../common/html.ts';
import {amount, name} from '../../common/report/figures.ts';
import type {Measured, Mistake} from '../evaluate.ts';
import type {EmbeddedPicture} from './page-data.ts';
import {gallery} from './picture-card.ts';

/**
 * The mistakes with their pictures, the most confident first, and the number of further mistakes.
 *
 * @param listedBy what lists those as well
 */
export function mistakesSection(
  {mistakes}: Measured,
  pictures: readonly (EmbeddedPicture | undefined)[],
  listedBy = '--json',
): Html {
  const shown = mistakes.slice(0, pictures.length);
  const rest = mistakes.length - shown.length;
  const cards = shown.map((mistake, i) => {
    const {path, label, predicted, confidence} = mistake;
    const next = findMistake(shown, mistake, i + 1);
    return {
      id: mistakeId(i),
      picture: pictures[i],
      alt: `${label}, taken for ${predicted}: ${path}`,
      title: html`<span class="truth">${name(label)}</span> taken for <span class="taken">${name(predicted)}</span>`,
      confidence,
      path,
      link: next === undefined ? undefined : html`<a class="next" href="#${mistakeId(next)}">the next of these</a>`,
    };
  });
  const content =
    mistakes.length === 0
      ? html`<p>There are none.</p>`
      : html`<p>The most confident first. Some may be right after all: a picture can be in the wrong folder.</p>
${gallery(cards)}
${rest > 0 ? html`<p>And ${amount(rest, 'less confident one')}, which <code>${listedBy}</code> lists.</p>` : undefined}`;
  return html`<section aria-labelledby="mistakes">
<h2 id="mistakes">The mistakes</h2>
${content}
</section>`;
}

/** The position of the first mistake with the same labels, from `start` on. */
export function findMistake(
  mistakes: readonly Mistake[],
  {label, predicted}: Pick<Mistake, 'label' | 'predicted'>,
  start = 0,
): number | undefined {
  const found = mistakes.findIndex((each, i) => i >= start && each.label === label && each.predicted === predicted);
  return found < 0 ? undefined : found;
}

export function mistakeId(position: number): string {
  return `mistake-${position + 1}`;
}
