import {type Html, html} from '../../common/html.ts';
import {dataTable} from '../../common/report/data-table.ts';
import {name} from '../../common/report/figures.ts';
import {nameOf} from '../chart/words.ts';
import type {Estimate} from '../statistics/estimate.ts';
import type {Benchmark, Configuration, Result} from '../types.ts';
import {milliseconds, range, rate} from './figures.ts';

/** Each speed with its interval, the times of calls, and how it compares. */
export function speedsSection(measured: Benchmark, decoding: boolean): Html {
  const rows = measured.configurations.flatMap((configuration) =>
    configuration.results
      .filter((result) => result.decoding === decoding)
      .map((result) => row(measured, configuration, result)),
  );
  const title = decoding ? 'With decoding' : 'Without decoding';
  return html`<section id="${decoding ? 'whole' : 'network'}"><h2>${title}</h2>
${dataTable({
  label: title,
  kind: 'speeds',
  note: decoding
    ? 'From the bytes of pictures to answers. p50, p90 and p99 are times of a call with a whole batch.'
    : 'The network alone, on windows that are in memory. p50, p90 and p99 are times of a call with a whole batch.',
  columns: [
    {title: 'model'},
    ...['batch', 'images/s', '95 % interval', 'cpu ms/image', 'p50 ms', 'p90 ms', 'p99 ms'].map((each) => {
      return {title: each, number: true};
    }),
    {title: 'compared', number: true},
    {title: 'by processor time', number: true},
  ],
  rows,
})}
</section>`;
}

function row(measured: Benchmark, configuration: Configuration, result: Result): Html {
  const {
    batchSize,
    imagesPerSecond,
    processorMilliseconds,
    milliseconds: latency,
    ratio,
    processorRatio,
    busy,
  } = result;
  const mark = busy ? '~' : '';
  const cells = [
    String(batchSize),
    mark + rate(imagesPerSecond.value),
    range(imagesPerSecond, rate),
    mark + milliseconds(processorMilliseconds.value),
    ...[latency.p50, latency.p90, latency.p99].map((value) => (value === null ? '-' : mark + milliseconds(value))),
    ...[ratio, processorRatio].map((each) => (each === null ? '' : mark + times(each))),
  ];
  const to = ratio === null ? undefined : nameOf(measured, measured.configurations[ratio.to]);
  return html`<tr><th scope="row">${name(nameOf(measured, configuration))}</th>${cells.map((cell, i) => (i >= cells.length - 2 && to !== undefined ? html`<td class="number" title="to ${to}">${cell}</td>` : html`<td class="number">${cell}</td>`))}</tr>
`;
}

function times(ratio: Estimate): string {
  return `${ratio.value.toFixed(2)}x (${range(ratio, (value) => value.toFixed(2))})`;
}
