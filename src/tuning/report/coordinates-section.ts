import {type Html, html} from '../../common/html.ts';
import {type Distribution, positionOf, quantileOf} from '../space/distribution.ts';
import {metricText, type PageData, type Point, valueText} from './page-data.ts';
import {at, linear} from './scale.ts';

const HEIGHT = 320;
const TOP = 40;
const BOTTOM = 20;
const APART = 150;
const SIDE = 64;
/** The share of trials whose lines stand out. */
const GOOD = 0.25;

/** Each trial as a line through its values, on an axis for each parameter and one for the metric. */
export function coordinatesSection({sweep}: PageData, points: readonly Point[]): Html | undefined {
  const searched = sweep.parameters.filter(({distribution}) => distribution.kind !== 'constant');
  if (points.length < 2 || searched.length === 0) return undefined;
  const {name: metric, goal} = sweep.metric;
  const values = points.map(({value}) => value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const up = linear(0, 1, HEIGHT - BOTTOM, TOP);
  const best = linear(low, high, 0, 1);
  const share = (value: number) => (goal === 'maximize' ? best(value) : 1 - best(value));
  const width = SIDE * 2 + APART * searched.length;
  const x = (i: number) => SIDE + APART * i;
  const axes = [
    ...searched.map(({name, distribution}) => ({name, marks: marksOf(distribution)})),
    {
      name: metric,
      marks: [...new Set([low, high])].map((value) => ({at: share(value), text: metricText(metric, value)})),
    },
  ];
  const line = ({trial, rank, value}: Point) => {
    const stops = [
      ...searched.map(({name, distribution}) => placeOf(distribution, trial.parameters[name])),
      share(value),
    ];
    const path = stops.map((stop, i) => `${i === 0 ? 'M' : 'L'}${at(x(i))} ${at(up(stop))}`).join('');
    const kind = rank === 0 ? 'first' : rank < GOOD * points.length ? 'good' : '';
    return html`<path class="course ${kind}" d="${path}"><title>trial ${trial.number}: ${metricText(metric, value)}</title></path>
`;
  };
  return html`<section id="coordinates"><h2>Parallel coordinates</h2>
<p class="note">A line for each trial: orange the best, blue the best quarter. Axes are in units of the distribution of each parameter.</p>
<div class="scroll" role="region" aria-label="Parallel coordinates" tabindex="0"><svg class="parallel" viewBox="0 0 ${width} ${HEIGHT}" width="${width}" height="${HEIGHT}" role="img" aria-label="The values of ${searched.map(({name}) => name).join(', ')} and ${metric} of each trial">
${[...points].reverse().map(line)}
${axes.map(
  (
    {name, marks},
    i,
  ) => html`<line class="axis" x1="${x(i)}" x2="${x(i)}" y1="${TOP}" y2="${HEIGHT - BOTTOM}"/><text class="name" x="${x(i)}" y="16" text-anchor="middle">${name}</text>
${marks.map(({at: place, text}) => html`<text x="${x(i) + 6}" y="${at(up(place) + 4)}">${text}</text>`)}`,
)}
</svg></div>
</section>`;
}

/** Where a value stands on its axis, from 0 to 1. */
function placeOf(distribution: Distribution, value: unknown): number {
  if (distribution.kind === 'numeric') return positionOf(distribution, value as number);
  if (distribution.kind === 'constant') return 0.5;
  return categoryPlace(distribution.values.indexOf(value), distribution.values.length);
}

function categoryPlace(index: number, count: number): number {
  return count === 1 ? 0.5 : index / (count - 1);
}

function marksOf(distribution: Distribution): {at: number; text: string}[] {
  if (distribution.kind === 'constant') return [];
  if (distribution.kind === 'categorical')
    return distribution.values.map((value, i) => ({
      at: categoryPlace(i, distribution.values.length),
      text: valueText(value),
    }));
  const ends = distribution.numbers.min === undefined ? [0.02, 0.5, 0.98] : [0, 0.5, 1];
  return ends.map((place) => ({at: place, text: String(Number(quantileOf(distribution, place).toPrecision(2)))}));
}
