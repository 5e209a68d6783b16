import {type Html, html} from '../../common/html.ts';
import {dataTable} from '../../common/report/data-table.ts';
import {amount, count, name, percent} from '../../common/report/figures.ts';
import {REASON_HELP, REASONS} from '../../model/rejection.ts';
import type {Measured, UnknownPicture} from '../evaluate.ts';
import type {EmbeddedPicture} from './page-data.ts';
import {gallery} from './picture-card.ts';

/** The pictures of each reason that are shown. */
const SHOWN_PER_REASON = 12;

/** Of each reason, the first of the pictures that were answered “unknown”, in the order of the reasons. */
export function shownUnknowns({unknowns}: Pick<Measured, 'unknowns'>): UnknownPicture[] {
  return REASONS.flatMap((reason) => unknowns.filter((each) => each.reason === reason).slice(0, SHOWN_PER_REASON));
}

function unknownGallery(
  evaluation: Measured,
  pictures: readonly (EmbeddedPicture | undefined)[],
  listedBy: string,
): Html | undefined {
  const shown = shownUnknowns(evaluation).slice(0, pictures.length);
  if (shown.length === 0) return undefined;
  const cards = shown.map(({path, label, predicted, confidence, reason = ''}, i) => ({
    id: `unknown-${i + 1}`,
    picture: pictures[i],
    alt: `${label}, nearest ${predicted}, ${reason}: ${path}`,
    title: html`<span class="truth">${name(label)}</span>, nearest ${name(predicted)} <span class="why">${reason}</span>`,
    confidence,
    path,
  }));
  const rest = evaluation.unknowns.length - shown.length;
  return html`<p class="before">Their pictures, up to ${SHOWN_PER_REASON} of each reason, each with its true variety and the nearest one.</p>
${gallery(cards)}
${rest > 0 ? html`<p>And ${amount(rest, 'more picture')}, which <code>${listedBy}</code> lists.</p>` : undefined}`;
}

/**
 * The reasons for “unknown”, their counts, and what helps.
 *
 * @param listedBy what lists all of the pictures
 */
export function unknownSection(
  evaluation: Measured,
  pictures: readonly (EmbeddedPicture | undefined)[],
  listedBy = '--json',
): Html | undefined {
  const {images, reasons} = evaluation;
  const rows = REASONS.flatMap((reason) => {
    const number = reasons[reason];
    if (number === undefined) return [];
    return [
      html`<tr><th scope="row">${reason}</th><td class="number">${count(number)}</td><td class="number">${percent(number / images)}</td><td>${REASON_HELP[reason]}</td></tr>
`,
    ];
  });
  if (rows.length === 0) return undefined;
  const table = dataTable({
    label: 'Table of reasons for “unknown”',
    kind: 'unknown',
    note: 'If several reasons apply, the first one counts. For the accuracy, these answers count by their nearest variety.',
    columns: [
      {title: 'Reason'},
      {title: 'Pictures', number: true},
      {title: 'Share', number: true},
      {title: 'What it means and what helps'},
    ],
    rows,
  });
  return html`<section aria-labelledby="unknown">
<h2 id="unknown">Answered “unknown”</h2>
${table}
${unknownGallery(evaluation, pictures, listedBy)}
</section>`;
}
