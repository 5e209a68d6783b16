import {type Html, html} from '../../common/html.ts';
import {dataTable} from '../../common/report/data-table.ts';
import {duration, name as isolated} from '../../common/report/figures.ts';
import {bestEpoch, ranking, type Trial} from '../study/trial.ts';
import {metricText, type PageData, valueText} from './page-data.ts';

const STATES: Record<Trial['state'], string> = {
  running: 'running',
  stopped: 'stopped',
  finished: 'finished',
  failed: 'failed',
};

/** All trials, the best first, then those without a value. */
export function trialsSection({sweep, trials}: PageData): Html | undefined {
  if (trials.length === 0) return undefined;
  const searched = sweep.parameters.filter(({distribution}) => distribution.kind !== 'constant');
  const ranked = ranking(trials, sweep.metric);
  const rows = [...ranked, ...trials.filter((trial) => !ranked.includes(trial))].map((trial, i) => {
    const best = bestEpoch(trial, sweep.metric);
    const state = trial.error ? `failed: ${trial.error.message}` : STATES[trial.state];
    return html`<tr${i === 0 && best ? html` class="first"` : undefined}><th scope="row">${trial.number}</th><td class="number">${best ? metricText(sweep.metric.name, best[sweep.metric.name]) : '-'}</td><td class="number">${best ? `${best.epoch}/${trial.epochs.length}` : '-'}</td>${searched.map(({name}) => html`<td class="number">${isolated(valueText(trial.parameters[name]))}</td>`)}<td class="number">${duration(trial.seconds)}</td><td class="why">${state}</td></tr>
`;
  });
  return html`<section id="trials"><h2>Trials</h2>
${dataTable({
  label: 'All trials',
  kind: 'trials',
  note: 'The best first. Epoch: the best of those that were made.',
  columns: [
    {title: 'trial'},
    {title: sweep.metric.name, number: true},
    {title: 'epoch', number: true},
    ...searched.map(({name}) => ({title: name, number: true})),
    {title: 'time', number: true},
    {title: 'state'},
  ],
  rows,
})}
</section>`;
}
