import {type Html, html} from '../../common/html.ts';
import {dataTable} from '../../common/report/data-table.ts';
import {fact} from '../../common/report/facts.ts';
import {amount, count, name, percent} from '../../common/report/figures.ts';
import {lineChart} from '../../common/report/line-chart.ts';
import type {EmbeddedPicture} from '../../evaluation/report/page-data.ts';
import {gallery} from '../../evaluation/report/picture-card.ts';
import type {ObservedEpoch} from '../../training/observer.ts';
import {repeatCommand} from '../repeat-command.ts';
import {pageFrame} from '../report/page-frame.ts';
import {shown} from '../report/settings-section.ts';
import type {Comparison} from './compare-runs.ts';
import {figureRows} from './figure-rows.ts';
import type {Disagreement} from './paired-answers.ts';
import {probability, verdict} from './words.ts';

/** A picture that two runs disagree on. */
export interface ShownDisagreement extends Disagreement {
  right: string;
  wrong: string;
  picture: EmbeddedPicture | undefined;
}

/** Runs side by side as one self-contained HTML page. */
export function renderComparison(comparison: Comparison, pictures: readonly ShownDisagreement[], date: string): string {
  const names = comparison.runs.map((run) => run.name);
  const sections = [
    {id: 'chance', title: 'Chance', content: chanceSection(comparison)},
    {id: 'figures', title: 'Figures', content: figuresSection(comparison)},
    {id: 'settings', title: 'Settings', content: settingsSection(comparison)},
    {id: 'curves', title: 'Curves', content: curvesSection(comparison)},
    {id: 'varieties', title: 'Varieties', content: varietiesSection(comparison)},
    {id: 'pictures', title: 'Pictures', content: picturesSection(pictures)},
    {id: 'about', title: 'About', content: aboutSection(comparison, date)},
  ];
  return pageFrame(`${names.join(', ')} compared`, headline(comparison, date), sections);
}

function headline({runs, tests, notes}: Comparison, date: string): Html {
  const better = tests.flatMap((test) => test.better ?? []);
  const title =
    runs.length > 2
      ? `${count(runs.length)} runs`
      : tests.length === 0
        ? 'Not comparable'
        : better.length > 0
          ? html`${name(better[0])} is better`
          : 'No clear difference';
  return html`<header>
<p class="kicker">Training runs compared, ${date.slice(0, 10)}: ${runs.map(({name: each}, i) => html`${i > 0 ? ', ' : ''}${name(each)}`)}</p>
<h1>${title}</h1>
${tests.length > 0 && runs.length === 2 ? html`<p class="lead">${verdict(tests[0])}.</p>` : undefined}
${notes.map((note) => html`<p class="state ended">${note}</p>`)}
</header>`;
}

function chanceSection({tests, untested}: Comparison): Html {
  const rows = tests.map(
    (test) =>
      html`<tr><th scope="row">${name(test.runs[0])} and ${name(test.runs[1])}</th><td class="number">${count(test.pictures)}</td><td class="number">${count(test.onlyFirst)}</td><td class="number">${count(test.onlySecond)}</td><td class="number">${count(test.bothWrong)}</td><td class="number">${probability(test.corrected).replace('= ', '')}</td><td>${test.better === null ? 'neither' : name(test.better)}</td></tr>
`,
  );
  const titles = ['Pictures', 'Only first right', 'Only second right', 'Both wrong', 'p'];
  const several = tests.length > 1 ? ` p is corrected for ${count(tests.length)} comparisons (Holm).` : '';
  return html`<section aria-labelledby="chance">
<h2 id="chance">More than chance?</h2>
${
  tests.length === 0
    ? undefined
    : dataTable({
        label: 'Table of the comparisons',
        kind: 'chance',
        note: `Of the test pictures that both were tested with, those count on which one is right and the other wrong. If the runs were equally good, each would be right on about half of these; p is the probability of numbers at least as unequal (McNemar’s exact test). Below 0.05 the difference is more than chance.${several}`,
        columns: [{title: 'Runs'}, ...titles.map((title) => ({title, number: true})), {title: 'Better'}],
        rows,
      })
}
${untested.map(({runs: [first, second], reason}) => html`<p>${name(first)} and ${name(second)}: ${reason}.</p>`)}
</section>`;
}

function figuresSection({runs, summaries}: Comparison): Html {
  return html`<section aria-labelledby="figures">
<h2 id="figures">Figures</h2>
${sideBySide('Table of the figures', 'Of the test: the intervals are of each run alone. Runs that were tested with the same pictures can differ by more than chance where these overlap.', runs, figureRows(summaries))}
</section>`;
}

function settingsSection({runs, settings}: Comparison): Html {
  const rows = settings.map(({name: setting, values}) => ({name: setting, values: values.map(shown)}));
  return html`<section aria-labelledby="settings">
<h2 id="settings">Settings that differ</h2>
${rows.length === 0 ? html`<p>None: the same settings.</p>` : sideBySide('Table of the settings that differ', 'All others are the same.', runs, rows)}
</section>`;
}

function sideBySide(
  label: string,
  note: string,
  runs: Comparison['runs'],
  rows: readonly {name: string; values: string[]}[],
): Html {
  return dataTable({
    label,
    kind: 'sides',
    note,
    columns: [{title: ''}, ...runs.map((run) => ({title: run.name, number: true}))],
    rows: rows.map(
      (row) =>
        html`<tr><th scope="row">${row.name}</th>${row.values.map((value) => html`<td class="number">${value}</td>`)}</tr>
`,
    ),
  });
}

function curvesSection({runs}: Comparison): Html | undefined {
  if (runs.every(({epochs}) => epochs.length === 0)) return undefined;
  const chart = (title: string, y: (epoch: ObservedEpoch) => number | undefined, options: object) =>
    lineChart({
      title,
      over: 'epoch',
      format: (value) => String(Number(value.toPrecision(3))),
      series: runs.map((run) => ({
        name: run.name,
        points: run.epochs.map((epoch) => ({x: epoch.epoch, y: y(epoch) ?? Number.NaN})),
      })),
      ...options,
    });
  const share = (value: number) => `${Number((100 * value).toFixed(3))}%`;
  return html`<section aria-labelledby="curves">
<h2 id="curves">Curves</h2>
<div class="charts">
${chart('Validation accuracy', ({validationAccuracy}) => validationAccuracy, {high: 1, format: share})}
${chart('Validation loss', ({validationLoss}) => validationLoss, {logarithmic: true})}
${chart('Training loss', ({loss}) => loss, {logarithmic: true})}
${chart('Learning rate at the end of the epoch', ({learningRate}) => learningRate, {})}
</div>
</section>`;
}

function varietiesSection({runs}: Comparison): Html | undefined {
  const labels = [...new Set(runs.flatMap(({test}) => Object.keys(test?.perClass ?? {})))];
  if (labels.length === 0) return undefined;
  const rows = labels.map((label) => ({
    name: label,
    values: runs.map(({test}) => percent(test?.perClass[label]?.f1 ?? null)),
  }));
  return html`<section aria-labelledby="varieties">
<h2 id="varieties">Each variety</h2>
${sideBySide('Table of F1 of each variety', 'F1 on the test pictures of each run: the harmonic mean of precision and recall.', runs, rows)}
</section>`;
}

function picturesSection(pictures: readonly ShownDisagreement[]): Html | undefined {
  if (pictures.length === 0) return undefined;
  const cards = pictures.map(({path, label, predicted, confidence, right, wrong, picture}, i) => ({
    id: `picture-${i + 1}`,
    picture,
    alt: `${label}, taken for ${predicted} by ${wrong}: ${path}`,
    title: html`<span class="truth">${name(label)}</span> right by ${name(right)}; taken for <span class="taken">${name(predicted)}</span> by ${name(wrong)},`,
    confidence,
    path,
  }));
  return html`<section aria-labelledby="pictures">
<h2 id="pictures">Pictures that one is right about</h2>
<p>${amount(pictures.length, 'picture')}, those first of which the other was surest.</p>
${gallery(cards)}
</section>`;
}

function aboutSection({runs}: Comparison, date: string): Html {
  return html`<section aria-labelledby="about">
<h2 id="about">About these runs</h2>
<dl class="facts">
${runs.map((run) => fact(run.name, html`<code>${name(run.folder)}</code><br><code>${repeatCommand(run.record)}</code>`))}
${fact('Compared', html`<time datetime="${date}">${date.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')}</time>`)}
</dl>
</section>`;
}
