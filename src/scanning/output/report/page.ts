import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {type Html, html, raw} from '../../../common/html.ts';
import {packageRoot} from '../../../common/package-root.ts';
import {amount} from '../../../common/report/figures.ts';
import {pageDocument} from '../../../common/report/page-document.ts';
import {aboutSection} from './about-section.ts';
import {grainsSection} from './grains-section.ts';
import {headline, sampleName} from './headline.ts';
import {picturesSection} from './pictures-section.ts';
import type {ReportData} from './report-data.ts';
import {sampleSection} from './sample-section.ts';
import {sharesSection} from './shares-section.ts';
import {sizesSection} from './sizes-section.ts';
import {STYLE} from './style.ts';

/**
 * A scan as one self-contained HTML page: it loads nothing, and the only script that runs is its own, which makes the
 * pictures answer to pointing and tapping.
 */
export function renderReport(data: ReportData): string {
  const script = readFileSync(join(packageRoot(), 'dist', 'scanning', 'report.js'), 'utf8');
  const sections = [
    picturesSection(data),
    sharesSection(data),
    sizesSection(data),
    sampleSection(data),
    grainsSection(data),
    aboutSection(data),
  ];
  return pageDocument({
    title: `${amount(data.summary.grains, 'grain')}: scan of ${sampleName(data)}`,
    style: STYLE,
    script,
    body: html`<main>
${headline(data)}
${warnings(data)}
${sections}
</main>
<script>${raw(script)}</script>`,
  });
}

function warnings({pictures, summary}: ReportData): Html | undefined {
  const several = pictures.length > 1;
  const told = [
    ...pictures.flatMap(({picture}) => picture.warnings.map((text) => (several ? `${picture.path}: ${text}` : text))),
    ...summary.warnings,
  ];
  if (told.length === 0) return undefined;
  return html`<ul class="warnings" aria-label="Warnings">${told.map((text) => html`<li>${text}</li>`)}</ul>`;
}
