import {type Html, html} from '../../common/html.ts';
import {sample} from './history-section.ts';
import {metricText, type PageData, type Point} from './page-data.ts';
import {at, digitsFor, linear, ticks} from './scale.ts';

const WIDTH = 480;
const HEIGHT = 270;
const LEFT = 70;
const BOTTOM = 42;
const MARGIN = 12;

/** The metric of each trial after each of its epochs: where trials were stopped, and whether that was right. */
export function coursesSection({sweep}: PageData, points: readonly Point[]): Html | undefined {
  const {name} = sweep.metric;
  const most = Math.max(0, ...points.map(({trial}) => trial.epochs.length));
  if (most < 2) return undefined;
  const values = points.flatMap(({trial}) => trial.epochs.map((epoch) => epoch[name])).filter(Number.isFinite);
  // A first epoch that is far off would press all others together.
  const sorted = [...values].sort((a, b) => a - b);
  const cut = Math.floor(sorted.length * 0.05);
  const [low, high] = name.endsWith('loss')
    ? [sorted[0], sorted[sorted.length - 1 - cut]]
    : [sorted[cut], sorted[sorted.length - 1]];
  const x = linear(1, most, LEFT + 10, WIDTH - MARGIN);
  const clipped = (value: number) => Math.min(high, Math.max(low, Number.isFinite(value) ? value : high));
  const y = linear(low, high, HEIGHT - BOTTOM - 8, MARGIN);
  const levels = ticks(low, high);
  const digits = digitsFor(levels, name.endsWith('accuracy') ? 100 : 1);
  const rungs = (sweep.hyperband?.rungs ?? []).filter((rung) => rung < most);
  const line = ({trial, rank}: Point) => {
    const path = trial.epochs.map(
      (epoch, i) => `${i === 0 ? 'M' : 'L'}${at(x(epoch.epoch))} ${at(y(clipped(epoch[name])))}`,
    );
    const last = trial.epochs.at(-1)!;
    const kind = rank === 0 ? 'first' : trial.state === 'finished' ? 'good' : '';
    return html`<path class="course ${kind}" d="${path.join('')}"><title>trial ${trial.number}</title></path>
${trial.state === 'stopped' ? html`<circle class="dot stopped" cx="${at(x(last.epoch))}" cy="${at(y(clipped(last[name])))}" r="3.5"/>` : undefined}`;
  };
  return html`<section id="courses"><h2>Courses</h2>
<p class="note">${name} after each epoch.${rungs.length > 0 ? ` Trials are compared after epoch ${rungs.join(', ')}.` : ''}</p>
<figure><svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${name} of each trial after each epoch">
${levels.map((level) => html`<line class="gridline" x1="${LEFT}" x2="${WIDTH - MARGIN}" y1="${at(y(level))}" y2="${at(y(level))}"/><text x="${LEFT - 8}" y="${at(y(level) + 4)}" text-anchor="end">${metricText(name, level, digits)}</text>`)}
${ticks(1, most, 8)
  .filter(Number.isInteger)
  .map((epoch) => html`<text x="${at(x(epoch))}" y="${HEIGHT - 22}" text-anchor="middle">${epoch}</text>`)}
<text x="${WIDTH - MARGIN}" y="${HEIGHT - 4}" text-anchor="end">epoch</text>
${[...points].reverse().map(line)}
</svg>
<ul class="key" aria-hidden="true"><li>${sample(html`<path class="course first" d="M0 6H24"/>`)}the best</li><li>${sample(html`<path class="course good" d="M0 6H24"/>`)}finished</li><li>${sample(html`<path class="course" d="M0 6H12"/><circle class="dot stopped" cx="14" cy="6" r="3.5"/>`)}stopped</li></ul></figure>
</section>`;
}
