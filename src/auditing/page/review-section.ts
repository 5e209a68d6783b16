import {type Html, html} from '../../common/html.ts';
import type {PageData} from './page-data.ts';

/** Labels beyond these have a button, but no key. */
const KEYS = 9;

/** Where the script shows one picture after the other; nothing without it. */
export function reviewSection({review}: PageData): Html {
  const labels = review.labels.map(
    (label, i) =>
      html`<button type="button" class="label" data-label="${i}">${i < KEYS ? key(String(i + 1)) : undefined}<bdi>${label}</bdi></button> `,
  );
  return html`<section aria-labelledby="review" class="review live-only">
<h2 id="review" tabindex="-1">Decide</h2>
<p class="progress"><span class="track"><span class="done"></span></span> <span class="told" role="status"></span></p>
<p class="note storage" hidden>This browser keeps nothing for this page: save before you close it.</p>
<div class="stage">
<figure class="picture"><div class="frame"></div><figcaption></figcaption></figure>
<div class="side given"><h3></h3><div class="typical"></div></div>
<div class="side suggested"><h3></h3><div class="typical"></div></div>
</div>
<div class="bar-of-actions" role="group" aria-label="Decision">
<button type="button" data-do="accept">${key('A')}<span>Accept</span></button>
<button type="button" data-do="keep">${key('K')}<span>Keep</span></button>
<button type="button" data-do="exclude">${key('X')}<span>Leave out</span></button>
<button type="button" data-do="previous" aria-label="Previous">${key('←')}</button>
<button type="button" data-do="next" aria-label="Next">${key('→')}</button>
<button type="button" data-do="undo">${key('U')}<span>Undo</span></button>
</div>
<div class="others" role="group" aria-labelledby="others"><span id="others">Or it is</span> ${labels}</div>
<p class="saving"><button type="button" data-do="save">Save corrections.csv</button> <span class="note saved" role="status"></span></p>
<p class="note">Then <code>rice audit</code>, <code>train</code> and <code>evaluate</code> apply the file with <code>--corrections corrections.csv</code>. What was not decided stays as it is.</p>
</section>`;
}

function key(text: string): Html {
  return html`<kbd aria-hidden="true">${text}</kbd>`;
}
