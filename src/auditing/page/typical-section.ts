import {type Html, html} from '../../common/html.ts';
import {name} from '../../common/report/figures.ts';
import type {PageData} from './page-data.ts';

/** Typical pictures of each label, to compare with. The script shows those of two labels beside each picture. */
export function typicalSection({typical, pictures}: PageData): Html {
  const groups = typical.map(({label, paths}) => {
    const images = paths.flatMap((path) => {
      const picture = pictures.get(path);
      if (!picture) return [];
      return [
        html`<img src="${picture.uri}" width="${picture.width}" height="${picture.height}" alt="Typical ${label}">
`,
      ];
    });
    return html`<div class="group"><h3>${name(label)}</h3><div class="typical">${images}</div></div>
`;
  });
  return html`<section aria-labelledby="typical">
<h2 id="typical">Typical pictures</h2>
<p class="note">Labels that nobody doubts, from the middle size outwards.</p>
<div class="groups">
${groups}</div>
</section>`;
}
