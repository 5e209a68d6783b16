import {type Html, html} from '../../common/html.ts';
import {dataTable} from '../../common/report/data-table.ts';
import {count, name, percent} from '../../common/report/figures.ts';
import {nameOf} from '../chart/words.ts';
import type {Benchmark, Configuration} from '../types.ts';
import {megabytes} from './figures.ts';

/** Size, accuracy, start and memory of each configuration. */
export function modelsSection(measured: Benchmark): Html {
  const {configurations, models, busy} = measured;
  const judged = configurations.some(({accuracy}) => accuracy !== null);
  const mark = busy ? '~' : '';
  const row = (configuration: Configuration) => {
    const {model, startUpSeconds, peakMemory} = configuration;
    const {version, bytes, parameters} = models.find(({label}) => label === model)!;
    return html`<tr><th scope="row">${name(nameOf(measured, configuration))}</th><td>${name(version)}</td><td class="number">${megabytes(bytes)}</td><td class="number">${parameters === null ? '-' : count(parameters)}</td>${judged ? accuracyCells(configuration) : undefined}<td class="number">${mark}${startUpSeconds.value.toFixed(2)} s</td><td class="number">${mark}${megabytes(peakMemory)}</td></tr>
`;
  };
  return html`<section id="models"><h2>Models</h2>
${dataTable({
  label: 'Size, accuracy, start and memory',
  kind: 'models',
  note: 'Start: from the start of a process to its first answer. Memory: the most that the process took, with all batch sizes.',
  columns: [
    {title: 'model'},
    {title: 'version'},
    {title: 'file', number: true},
    {title: 'parameters', number: true},
    ...(judged
      ? [
          {title: 'accuracy', number: true},
          {title: '95 % interval', number: true},
          {title: 'as the first', number: true},
        ]
      : []),
    {title: 'start', number: true},
    {title: 'memory', number: true},
  ],
  rows: configurations.map(row),
})}
</section>`;
}

function accuracyCells({accuracy}: Configuration): Html {
  if (accuracy === null) return html`<td class="number">-</td><td class="number">-</td><td class="number">-</td>`;
  const {accuracy: share, interval, sameAsFirst, images} = accuracy;
  const same = sameAsFirst === null ? '-' : percent(sameAsFirst / images);
  return html`<td class="number">${percent(share)}</td><td class="number">${percent(interval.low)} to ${percent(interval.high)}</td><td class="number">${same}</td>`;
}
