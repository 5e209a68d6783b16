import {type Html, html} from '../../common/html.ts';
import {tile} from '../../common/report/facts.ts';
import {amount, count, name, percent} from '../../common/report/figures.ts';
import type {PageData} from './page-data.ts';

/** How much there is to look at, and the key figures of the audit. */
export function headline({audit, review, more, date}: PageData): Html {
  const {dataset, suspects, noise, pictures, duplicates, nearDuplicates} = audit;
  const surplus = duplicates.reduce((sum, {paths}) => sum + paths.length - 1, 0);
  return html`<header>
<p class="kicker">Audit of ${name(dataset.root)}, ${date.slice(0, 10)}</p>
<h1>${review.items.length === 0 ? 'Nothing to look at' : html`${amount(review.items.length, 'picture')} to look at`}</h1>
<p class="lead">${lead(audit)}</p>
${more > 0 ? html`<p>And ${amount(more, 'more picture')}, which the page leaves out. Decide about these first, and audit again with the corrections.</p>` : undefined}
<dl class="tiles">
${tile('Pictures', count(dataset.images))}
${tile('Labels probably wrong', count(suspects.length))}
${tile('Estimated share of wrong labels', noise ? percent(noise.share, 2) : '-')}
${tile('Unlike the others', count(pictures.length))}
${tile('Exact copies', count(surplus))}
${tile('Of the same grain', amount(nearDuplicates.length, 'pair'))}
</dl>
</header>`;
}

function lead({suspects, dataset, method}: PageData['audit']): Html {
  if (method === undefined) return html`There is a single label, so none was searched for wrong ones.`;
  if (suspects.length === 0) return html`No label of ${amount(dataset.images, 'picture')} seems wrong.`;
  return html`${amount(suspects.length, 'label')} of ${count(dataset.images)} ${suspects.length === 1 ? 'is' : 'are'} probably wrong.`;
}
