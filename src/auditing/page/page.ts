import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {type Html, html, raw} from '../../common/html.ts';
import {packageRoot} from '../../common/package-root.ts';
import {amount} from '../../common/report/figures.ts';
import {pageDocument} from '../../common/report/page-document.ts';
import {aboutSection} from './about-section.ts';
import {headline} from './headline.ts';
import {listSection} from './list-section.ts';
import type {PageData} from './page-data.ts';
import type {ReviewData} from './review-item.ts';
import {reviewSection} from './review-section.ts';
import {STYLE} from './style.ts';
import {typicalSection} from './typical-section.ts';

/**
 * An audit as one self-contained HTML page, on which a person decides about each doubtful picture and saves a file of
 * corrections. It loads nothing, and the only script that runs is its own. Without that, or printed, it is a list.
 */
export function renderAuditPage(data: PageData): string {
  const script = readFileSync(join(packageRoot(), 'dist', 'auditing', 'page.js'), 'utf8');
  return pageDocument({
    title: `${amount(data.review.items.length, 'picture')} to look at: audit of ${data.audit.dataset.root}`,
    style: STYLE,
    script,
    body: html`<main>
${headline(data)}
${data.review.items.length > 0 ? [reviewSection(data), listSection(data), typicalSection(data)] : undefined}
${aboutSection(data)}
</main>
<script type="application/json" id="data">${dataBlock(data.review)}</script>
<script>${raw(script)}</script>`,
  });
}

/**
 * JSON of ASCII alone without markup. Not as attributes: `html` shows strange characters of names as escapes, but a file of
 * corrections needs the names as they are.
 */
function dataBlock(review: ReviewData): Html {
  const toEscape = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return raw(JSON.stringify(review).replaceAll(/[<>&\u007f-\uffff]/g, toEscape));
}
