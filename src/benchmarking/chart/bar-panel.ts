import {type Html, html} from '../../common/html.ts';
import {count} from '../../common/report/figures.ts';
import type {Benchmark, Result} from '../types.ts';
import {rateAxis, whiskerPath} from './rate-axis.ts';
import {nameOf} from './words.ts';

/** In SVG units, about pixels. */
export const WIDTH = 760;
const ROW = 24;
const BAR = 14;
const TOP = 34;
const BOTTOM = 26;
const BESIDE = 70;
/** Of a character of the names. */
const CHARACTER = 6.6;
/** Classes of colors in `CHART_STYLE`. */
const KINDS = 8;
/** More rows are more than one looks at: then only the largest batches are shown. */
const MOST_ROWS = 24;

/** A part of the chart and its height. */
export interface Panel {
  title: string;
  content: Html;
  height: number;
}

interface Row {
  name: string;
  /** Number of the model. */
  kind: number;
  result: Result;
}

/** Images a second as bars with their intervals: of the network alone, or with decoding. */
export function barPanel(measured: Benchmark, decoding: boolean): Panel {
  const rows = rowsOf(measured, decoding);
  const left = Math.min(300, Math.max(...rows.map(({name}) => name.length)) * CHARACTER) + 10;
  const {ticks, end} = rateAxis(
    rows.map(({result}) => result.imagesPerSecond),
    5,
  );
  const x = (value: number) => Number((left + ((WIDTH - BESIDE - left) * value) / end).toFixed(2));
  const bottom = TOP + rows.length * ROW;
  const title = `${decoding ? 'From the bytes of pictures to answers' : 'The network alone'}, images a second`;
  return {
    title,
    height: bottom + BOTTOM,
    content: html`<text class="title" x="0" y="14">${title}</text>
${ticks.map(
  (
    tick,
  ) => html`<line class="grid" x1="${x(tick)}" y1="${TOP - 4}" x2="${x(tick)}" y2="${bottom}"/><text x="${x(tick)}" y="${bottom + 16}" text-anchor="middle">${count(tick)}</text>
`,
)}
${rows.map((row, i) => bar(row, TOP + i * ROW, left, x, end))}`,
  };
}

function rowsOf(measured: Benchmark, decoding: boolean): Row[] {
  const {configurations, models} = measured;
  const all = configurations.flatMap((configuration) =>
    configuration.results
      .filter((result) => result.decoding === decoding)
      .map((result) => ({
        name: `${nameOf(measured, configuration)}, batch ${result.batchSize}`,
        kind: (models.findIndex(({label}) => label === configuration.model) % KINDS) + 1,
        result,
      })),
  );
  if (all.length <= MOST_ROWS) return all;
  const largest = Math.max(...all.map(({result}) => result.batchSize));
  return all.filter(({result}) => result.batchSize === largest);
}

function bar({name, kind, result}: Row, top: number, left: number, x: (value: number) => number, end: number): Html {
  const {imagesPerSecond, busy} = result;
  const {value, low, high} = imagesPerSecond;
  const middle = top + BAR / 2;
  const range = low === null || high === null ? '' : ` (${count(low)} to ${count(high)})`;
  const width = Number((x(value) - left).toFixed(2));
  return html`<g><title>${name}: ${count(value)}${range}</title><text class="name" x="${left - 8}" y="${middle + 4}" text-anchor="end">${name}</text><rect class="k${kind}" x="${left}" y="${top}" width="${width}" height="${BAR}"/><path class="whisker" d="${whiskerPath(imagesPerSecond, middle, end, x)}"/><text class="value" x="${x(Math.min(high ?? value, end)) + 6}" y="${middle + 4}">${busy ? '~' : ''}${count(value)}</text></g>
`;
}
