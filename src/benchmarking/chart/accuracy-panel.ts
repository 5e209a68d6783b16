import {html} from '../../common/html.ts';
import {linearTicks} from '../../common/report/axis.ts';
import {count, percent} from '../../common/report/figures.ts';
import type {Accuracy} from '../measure-accuracy.ts';
import type {Benchmark, Result} from '../types.ts';
import {type Panel, WIDTH} from './bar-panel.ts';
import {placeNames} from './place-names.ts';
import {rateAxis, whiskerPath} from './rate-axis.ts';
import {nameOf} from './words.ts';

const LEFT = 64;
const RIGHT = 24;
const TOP = 34;
const HEIGHT = 240;
const BOTTOM = 44;
const KINDS = 8;
const TITLE = 'Accuracy, and images a second with decoding, of each model where it is fastest';

interface Point {
  name: string;
  kind: number;
  /** With decoding, where it is fastest. */
  speed: Result['imagesPerSecond'];
  accuracy: Accuracy;
}

/** Of each model accuracy over speed, with their intervals: what is faster stands to the right, what is better above. */
export function accuracyPanel(measured: Benchmark): Panel | undefined {
  const points = pointsOf(measured);
  if (points.length === 0) return undefined;
  const {ticks: xTicks, end} = rateAxis(
    points.map(({speed}) => speed),
    6,
  );
  const least = Math.min(...points.map(({accuracy: {interval}}) => interval.low));
  const most = Math.max(...points.map(({accuracy: {interval}}) => interval.high));
  const yTicks = linearTicks(least, most, 5).filter((tick) => tick <= 1 + 1e-9);
  const [bottom, top] = [yTicks[0], Math.max(yTicks.at(-1)!, most)];
  const x = (value: number) => fixed(LEFT + ((WIDTH - LEFT - RIGHT) * value) / end);
  const y = (share: number) => fixed(TOP + HEIGHT * (1 - (share - bottom) / (top - bottom)));
  const names = placeNames(
    points.map(({name, speed, accuracy}) => ({name, x: x(speed.value), y: y(accuracy.accuracy)})),
    WIDTH,
  );
  const digits = Math.max(0, Math.ceil(-Math.log10((yTicks[1] - yTicks[0]) * 100) - 1e-9));
  return {
    title: TITLE,
    height: TOP + HEIGHT + BOTTOM,
    content: html`<text class="title" x="0" y="14">${TITLE}</text>
${yTicks.map(
  (
    tick,
  ) => html`<line class="grid" x1="${LEFT}" y1="${y(tick)}" x2="${WIDTH - RIGHT}" y2="${y(tick)}"/><text x="${LEFT - 8}" y="${fixed(y(tick) + 4)}" text-anchor="end">${percent(tick, digits)}</text>
`,
)}
${xTicks.map(
  (tick) => html`<text x="${x(tick)}" y="${TOP + HEIGHT + 17}" text-anchor="middle">${count(tick)}</text>
`,
)}
<text x="${fixed((LEFT + WIDTH - RIGHT) / 2)}" y="${TOP + HEIGHT + 36}" text-anchor="middle">images a second</text>
${points.map(({kind, speed, accuracy: {accuracy, interval}}) => {
  const [cx, cy] = [x(speed.value), y(accuracy)];
  const lines = `M${cx} ${y(interval.low)}V${y(interval.high)}${whiskerPath(speed, cy, end, x)}`;
  return html`<path class="whisker" d="${lines}"/><circle class="k${kind}" cx="${cx}" cy="${cy}" r="5"/>
`;
})}
${points.map(
  ({name, speed, accuracy: {accuracy}}, i) =>
    html`<text class="name" x="${fixed(names[i].x)}" y="${fixed(names[i].y)}" text-anchor="${names[i].anchor}"><title>${name}: ${count(speed.value)} images a second, ${percent(accuracy)} right</title>${name}</text>
`,
)}`,
  };
}

function pointsOf(measured: Benchmark): Point[] {
  return measured.models.flatMap(({label}, i) => {
    const places = measured.configurations
      .filter(({model}) => model === label)
      .flatMap((configuration) => {
        const {accuracy, results} = configuration;
        const decoding = results.filter((result) => result.decoding);
        const name = nameOf(measured, configuration);
        return decoding.flatMap(({imagesPerSecond: speed}) => (accuracy ? [{name, speed, accuracy}] : []));
      });
    if (places.length === 0) return [];
    const fastest = places.reduce((best, each) => (each.speed.value > best.speed.value ? each : best));
    return [{...fastest, kind: (i % KINDS) + 1}];
  });
}

function fixed(value: number): number {
  return Number(value.toFixed(2));
}
