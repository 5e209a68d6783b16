import {type Html, html} from '../../common/html.ts';
import {name, percent} from '../../common/report/figures.ts';
import type {EmbeddedPicture} from './page-data.ts';

export interface Card {
  /** Where links lead to. */
  id: string;
  picture: EmbeddedPicture | undefined;
  /** The description of the picture for those who do not see it. */
  alt: string;
  /** Above confidence and path: what it shows, and what it was taken for. */
  title: Html;
  confidence: number;
  path: string;
  /** A link below them. */
  link?: Html | undefined;
}

/** Pictures with their captions, in a grid. */
export function gallery(cards: readonly Card[]): Html {
  return html`<ul class="gallery">
${cards.map(card)}
</ul>`;
}

function card({id, picture, alt, title, confidence, path, link}: Card): Html {
  const image = picture
    ? html`<img src="${picture.uri}" width="${picture.width}" height="${picture.height}" alt="${alt}">`
    : html`<p class="missing">The picture no longer exists.</p>`;
  return html`<li id="${id}"><figure>
<div class="frame">${image}</div>
<figcaption>${title} <span class="sure">${percent(confidence, 1)} sure</span><span class="path">${name(path)}</span>${link}</figcaption>
</figure></li>
`;
}
