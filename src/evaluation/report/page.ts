import {type Html, html, raw} from '../../common/html.ts';
import {percent} from '../../common/report/figures.ts';
import {pagePolicy} from '../../common/report/policy.ts';
import {aboutSection} from './about-section.ts';
import {calibrationSection} from './calibration-section.ts';
import {confusionSection} from './confusion-section.ts';
import {errorsSection} from './errors-section.ts';
import {dataName, headline, modelName} from './headline.ts';
import {mistakesSection} from './mistakes-section.ts';
import type {PageData} from './page-data.ts';
import {robustnessSection} from './robustness-section.ts';
import {STYLE} from './style.ts';
import {unknownSection} from './unknown-section.ts';
import {varietiesSection} from './varieties-section.ts';

/** An evaluation as one self-contained HTML page, without network access, scripts or other files. */
export function renderPage(data: PageData): string {
  const {evaluation, robustness, pictures, unknownPictures} = data;
  const sections: [id: string, title: string, section: Html | undefined][] = [
    ['confusion', 'Confusion', confusionSection(evaluation, pictures.length)],
    ['varieties', 'Varieties', varietiesSection(evaluation)],
    ['calibration', 'Calibration', calibrationSection(evaluation)],
    ['unknown', 'Unknown', unknownSection(evaluation, unknownPictures)],
    ['robustness', 'Robustness', robustnessSection(robustness)],
    ['mistakes', 'Mistakes', mistakesSection(evaluation, pictures)],
    ['unreadable', 'Unreadable', errorsSection(evaluation.errors)],
    ['about', 'About', aboutSection(data)],
  ];
  const present = sections.filter(([, , section]) => section !== undefined);
  const page = html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${pagePolicy(STYLE)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${percent(evaluation.accuracy)} right: ${modelName(data)} on ${dataName(data)}</title>
<style>${raw(STYLE)}</style>
</head>
<body>
<main>
${headline(data)}
<nav aria-label="Sections"><ul>${present.map(([id, title]) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
${present.map(([, , section]) => section)}
</main>
</body>
</html>
`;
  return page.text;
}
