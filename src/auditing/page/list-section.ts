import {type Html, html} from '../../common/html.ts';
import {name} from '../../common/report/figures.ts';
import type {PageData} from './page-data.ts';
import type {ReviewItem} from './review-item.ts';

/** All pictures to look at, with their decisions. The script shows one that is chosen here. */
export function listSection({review, pictures}: PageData): Html {
  return html`<section aria-labelledby="list">
<h2 id="list">All of them</h2>
<ol class="list">
${review.items.map((item, i) => card(item, i, pictures))}
</ol>
</section>`;
}

function card(item: ReviewItem, index: number, pictures: PageData['pictures']): Html {
  const {path, label, suggested, reasons} = item;
  const picture = pictures.get(path);
  const image = picture
    ? html`<img src="${picture.uri}" width="${picture.width}" height="${picture.height}" alt="${alternative(item)}">`
    : html`<span class="missing">The picture cannot be read any more.</span>`;
  const title = suggested === undefined ? name(label) : html`${name(label)}, rather ${name(suggested)}`;
  return html`<li data-item="${index}"><div class="frame">${image}</div>
<p class="title"><button type="button" class="look" data-item="${index}">${title}</button></p><p class="decision"></p>
${reasons.map((reason) => html`<p class="reason">${reason}</p>`)}<p class="path">${name(path)}</p></li>
`;
}

function alternative({label, suggested}: ReviewItem): string {
  return suggested === undefined ? `Labeled ${label}` : `Labeled ${label}, perhaps ${suggested}`;
}
