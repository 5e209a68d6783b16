import {type Html, html} from '../../common/html.ts';
import {fact, tile} from '../../common/report/facts.ts';
import {count, duration, name as isolated} from '../../common/report/figures.ts';
import {pageDocument} from '../../common/report/page-document.ts';
import {coordinatesSection} from './coordinates-section.ts';
import {coursesSection} from './courses-section.ts';
import {historySection} from './history-section.ts';
import {importanceSection} from './importance-section.ts';
import {metricText, type PageData, type Point, pointsOf, valueText} from './page-data.ts';
import {STYLE} from './style.ts';
import {trialsSection} from './trials-section.ts';

const METHODS = {grid: 'every combination', random: 'random values', bayes: 'a tree-structured Parzen estimator (TPE)'};

/** A search as one self-contained HTML page, without network access, scripts or other files. */
export function renderTuningPage(data: PageData): string {
  const points = pointsOf(data);
  const sections: [id: string, title: string, section: Html | undefined][] = [
    ['best', 'Best', bestSection(data, points)],
    ['history', 'History', historySection(data, points)],
    ['importance', 'Importance', importanceSection(data)],
    ['coordinates', 'Parallel coordinates', coordinatesSection(data, points)],
    ['courses', 'Courses', coursesSection(data, points)],
    ['trials', 'Trials', trialsSection(data)],
    ['about', 'About', aboutSection(data)],
  ];
  const present = sections.filter(([, , section]) => section !== undefined);
  const {name: metric} = data.sweep.metric;
  const best = points[0] ? metricText(metric, points[0].value) : 'no trial yet';
  return pageDocument({
    title: `${best}: search ${data.record.name}`,
    style: STYLE,
    body: html`<main>
<p class="kicker">Search ${isolated(data.record.name)}</p>
<h1>${best}</h1>
<p class="lead">${points[0] ? `${metric} of trial ${points[0].trial.number}, the best of ${count(data.trials.length)}` : 'There is nothing to show.'}</p>
${tiles(data)}
<nav aria-label="Sections"><ul>${present.map(([id, title]) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
${present.map(([, , section]) => section)}
</main>`,
  });
}

/** Lines of code; within them, line breaks would be escaped. */
function lines(all: readonly string[]): Html[] {
  return all.map((line, i) =>
    i < all.length - 1
      ? html`${line}
`
      : html`${line}`,
  );
}

function tiles({trials}: PageData): Html {
  const states = ['finished', 'stopped', 'failed'] as const;
  const epochs = trials.reduce((sum, trial) => sum + trial.epochs.length, 0);
  const seconds = trials.reduce((sum, trial) => sum + trial.seconds, 0);
  return html`<dl class="tiles">${tile('trials', count(trials.length))}${states.map((state) => tile(state, count(trials.filter((trial) => trial.state === state).length)))}${tile('epochs', count(epochs))}${tile('time', duration(seconds))}</dl>`;
}

function bestSection({sweep, use, further}: PageData, points: readonly Point[]): Html | undefined {
  if (points.length === 0) return undefined;
  const {trial} = points[0];
  return html`<section id="best"><h2>Best</h2>
<dl class="facts">
${sweep.parameters.map(({name}) => fact(name, isolated(valueText(trial.parameters[name]))))}${fact('run', html`<code>${trial.run}</code>`)}</dl>
<pre><code>${lines([...(use ? [use] : []), further])}</code></pre>
</section>`;
}

function aboutSection({record, sweep, version}: PageData): Html {
  const {metric, hyperband, method} = sweep;
  return html`<section id="about"><h2>About</h2>
<dl class="facts">
${fact('method', html`${METHODS[method]}`)}${fact('metric', html`${metric.name}, ${metric.goal === 'maximize' ? 'the higher the better' : 'the lower the better'}; the best epoch of a trial counts`)}${
  hyperband
    ? fact(
        'early termination',
        html`after epoch ${hyperband.rungs.slice(0, 4).join(', ')}${hyperband.rungs.length > 4 ? ' and so on' : ''}, the best 1/${hyperband.eta} go on`,
      )
    : undefined
}${fact('seed', html`${record.seed}`)}${record.fixed.length > 0 ? fact('all trials', html`<code>${record.fixed.join(' ')}</code>`) : undefined}${fact('begun', html`${record.date}`)}${fact('rice', html`${version}`)}</dl>
<pre><code>${lines(record.sweep.text.trim().split('\n'))}</code></pre>
</section>`;
}
