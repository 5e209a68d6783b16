import {type Html, html} from '../../common/html.ts';
import {metricText, type PageData, type Point} from './page-data.ts';
import {at, digitsFor, linear, ticks} from './scale.ts';

const WIDTH = 480;
const HEIGHT = 270;
const LEFT = 70;
const BOTTOM = 42;
const MARGIN = 12;

/** The value of each trial in the order in which they were made, and the best so far. */
export function historySection({sweep}: PageData, points: readonly Point[]): Html | undefined {
  if (points.length < 2) return undefined;
  const {name, goal} = sweep.metric;
  const ordered = [...points].sort((a, b) => a.trial.number - b.trial.number);
  const values = ordered.map(({value}) => value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const x = linear(1, Math.max(2, ordered.at(-1)!.trial.number), LEFT + 10, WIDTH - MARGIN);
  const y = linear(low, high, HEIGHT - BOTTOM - 8, MARGIN);
  const better = (a: number, b: number) => (goal === 'maximize' ? Math.max(a, b) : Math.min(a, b));
  let sofar = ordered[0].value;
  const steps = ordered.map(({trial, value}, i) => {
    const before = sofar;
    sofar = i === 0 ? value : better(sofar, value);
    const place = at(x(trial.number));
    return i === 0 ? `M${place} ${at(y(sofar))}` : `L${place} ${at(y(before))}L${place} ${at(y(sofar))}`;
  });
  const levels = ticks(low, high);
  const digits = digitsFor(levels, name.endsWith('accuracy') ? 100 : 1);
  return html`<section id="history"><h2>History</h2>
<figure><svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${name} of each trial in order; the best is ${metricText(name, points[0].value)} in trial ${points[0].trial.number}">
${levels.map((level) => html`<line class="gridline" x1="${LEFT}" x2="${WIDTH - MARGIN}" y1="${at(y(level))}" y2="${at(y(level))}"/><text x="${LEFT - 8}" y="${at(y(level) + 4)}" text-anchor="end">${metricText(name, level, digits)}</text>`)}
${ticks(1, ordered.at(-1)!.trial.number, 8)
  .filter(Number.isInteger)
  .map((number) => html`<text x="${at(x(number))}" y="${HEIGHT - 22}" text-anchor="middle">${number}</text>`)}
<text x="${WIDTH - MARGIN}" y="${HEIGHT - 4}" text-anchor="end">trial</text>
<path class="sofar" d="${steps.join('')}"/>
${ordered.map(
  ({trial, value, rank}) =>
    html`<circle class="dot ${rank === 0 ? 'first' : trial.state === 'stopped' ? 'stopped' : ''}" cx="${at(x(trial.number))}" cy="${at(y(value))}" r="${rank === 0 ? 6 : 4.5}"><title>trial ${trial.number}: ${metricText(name, value)}</title></circle>`,
)}
</svg>
<ul class="key" aria-hidden="true"><li>${sample(html`<circle class="dot first" cx="12" cy="6" r="5"/>`)}the best</li><li>${sample(html`<circle class="dot" cx="12" cy="6" r="4.5"/>`)}finished</li><li>${sample(html`<circle class="dot stopped" cx="12" cy="6" r="4.5"/>`)}stopped early</li><li>${sample(html`<path class="sofar" d="M0 6H24"/>`)}best so far</li></ul></figure>
</section>`;
}

/** A mark for the key of a chart. */
export function sample(mark: Html): Html {
  return html`<svg viewBox="0 0 24 12" focusable="false">${mark}</svg>`;
}
