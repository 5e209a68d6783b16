/** Lines over a whole-numbered axis as an SVG, for pages without scripts. */
import {type Html, html} from '../html.ts';
import {linearTicks, logarithmicTicks} from './axis.ts';

export interface Point {
  x: number;
  y: number;
}

export interface Series {
  name: string;
  points: readonly Point[];
}

export interface LineChart {
  title: string;
  /** What the lines are over, such as `epoch`. */
  over: string;
  series: readonly Series[];
  format: (y: number) => string;
  /** A logarithmic axis, where all values are above 0. */
  logarithmic?: boolean;
  /** The end of the axis, where it is known: a share is at most 1. */
  high?: number;
  /** The end of the horizontal axis, where the lines are not there yet. */
  until?: number;
  /** A vertical line with its name. */
  mark?: {x: number; name: string} | undefined;
}

/** Of the plot and its margins, in SVG units; the page shows about as many pixels. */
const WIDTH = 352;
const HEIGHT = 190;
const LEFT = 52;
const TOP = 20;
const RIGHT = 14;
const BOTTOM = 40;
/** More points of a line are thinned. */
const MOST_POINTS = 400;
/** Fewer points are marked, each with its figures. */
const MARKED = 60;
/** Classes of lines in `CHART_STYLE`; further lines begin again. */
const KINDS = 8;

/** A chart with its title and, where there are several lines, their names. Values that are no numbers are left out. */
export function lineChart(chart: LineChart): Html {
  const series = chart.series.map(({name, points}) => ({name, points: points.filter(isShown(chart))}));
  const all = series.flatMap(({points}) => points);
  if (all.length === 0) return html``;
  const scale = scaleOf(chart, all);
  const names = series.map(({name}) => name).join(', ');
  return html`<figure class="chart"><figcaption><strong>${chart.title}</strong>${series.length > 1 ? legend(series) : undefined}</figcaption>
<svg viewBox="0 0 ${LEFT + WIDTH + RIGHT} ${TOP + HEIGHT + BOTTOM}" role="img" aria-label="${chart.title} over ${chart.over}: ${names}">
${scale.yTicks.map((tick) => html`<line class="grid" x1="${LEFT}" y1="${scale.y(tick)}" x2="${LEFT + WIDTH}" y2="${scale.y(tick)}"/><text x="${LEFT - 6}" y="${fixed(scale.y(tick) + 4)}" text-anchor="end">${chart.format(tick)}</text>`)}
${scale.xTicks.map((tick) => html`<text x="${scale.x(tick)}" y="${TOP + HEIGHT + 17}" text-anchor="middle">${tick}</text>`)}
<text x="${LEFT + WIDTH / 2}" y="${TOP + HEIGHT + 34}" text-anchor="middle">${chart.over}</text>
${chart.mark && mark(chart.mark, scale)}
${series.map((each, i) => line(each, i, chart, scale))}
</svg></figure>
`;
}

function legend(series: readonly Series[]): Html {
  return html`<span class="legend">${series.map(
    ({name}, i) =>
      html`<span><svg class="swatch" viewBox="0 0 28 8" aria-hidden="true"><line class="line k${(i % KINDS) + 1}" x1="1" y1="4" x2="27" y2="4"/></svg> <bdi>${name}</bdi></span> `,
  )}</span>`;
}

interface Scale {
  x: (value: number) => number;
  y: (value: number) => number;
  xTicks: number[];
  yTicks: number[];
}

function scaleOf({logarithmic = false, high, until}: LineChart, points: readonly Point[]): Scale {
  const [least, most] = extent(points.map(({y}) => y));
  const [first, last] = extent(points.map(({x}) => x));
  const end = Math.max(last, until ?? last, first + 1);
  const yTicks = logarithmic ? logarithmicTicks(least, most) : linearTicks(least, high ?? most, 4);
  const ends = [yTicks[0], Math.min(yTicks.at(-1)!, high ?? Number.POSITIVE_INFINITY)];
  const [bottom, top] = logarithmic ? ends.map(Math.log10) : ends;
  const share = (value: number) => ((logarithmic ? Math.log10(value) : value) - bottom) / (top - bottom || 1);
  return {
    x: (value) => fixed(LEFT + (WIDTH * (value - first)) / (end - first)),
    y: (value) => fixed(TOP + HEIGHT * (1 - share(value))),
    xTicks: xTicksOf(first, end),
    yTicks: yTicks.filter((tick) => tick <= ends[1]),
  };
}

/** The first one as well, which is seldom round. */
function xTicksOf(first: number, end: number): number[] {
  const ticks = linearTicks(first, end, 6, true);
  const step = ticks[1] - ticks[0];
  return [first, ...ticks.filter((tick) => tick >= first + step / 2 && tick <= end)];
}

function line({name, points}: Series, index: number, {over, format}: LineChart, {x, y}: Scale): Html {
  const kind = `k${(index % KINDS) + 1}`;
  const places = thinned(points).map((point) => `${x(point.x)},${y(point.y)}`);
  const dots = points.length <= MARKED ? points : [];
  return html`<polyline class="line ${kind}" points="${places.join(' ')}"/>
${dots.map((point) => html`<circle class="dot ${kind}" cx="${x(point.x)}" cy="${y(point.y)}" r="2.5"><title>${over} ${point.x}, ${name}: ${format(point.y)}</title></circle>`)}
`;
}

function mark({x: at, name}: {x: number; name: string}, {x}: Scale): Html {
  const place = x(at);
  const late = place > LEFT + WIDTH * 0.6;
  return html`<line class="mark" x1="${place}" y1="${TOP - 6}" x2="${place}" y2="${TOP + HEIGHT}"/><text x="${fixed(place + (late ? -4 : 4))}" y="${TOP - 8}" text-anchor="${late ? 'end' : 'start'}">${name}</text>`;
}

/** The least and the greatest of each stretch, in their order, so that no peak is lost. */
function thinned(points: readonly Point[]): readonly Point[] {
  if (points.length <= MOST_POINTS) return points;
  const stretch = Math.ceil((2 * points.length) / MOST_POINTS);
  const kept: Point[] = [];
  for (let start = 0; start < points.length; start += stretch) {
    const part = points.slice(start, start + stretch);
    const least = part.reduce((best, each) => (each.y < best.y ? each : best));
    const most = part.reduce((best, each) => (each.y > best.y ? each : best));
    kept.push(...(least === most ? [least] : least.x < most.x ? [least, most] : [most, least]));
  }
  return kept;
}

function isShown({logarithmic}: LineChart): (point: Point) => boolean {
  return ({y}) => Number.isFinite(y) && (!logarithmic || y > 0);
}

/** Without spreading, which fails for very many. */
function extent(values: readonly number[]): [number, number] {
  return values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ] as [number, number]);
}

function fixed(value: number): number {
  return Number(value.toFixed(2));
}
