import {type Html, html} from '../../common/html.ts';
import {dataTable} from '../../common/report/data-table.ts';
import {bar, name as isolated, percent} from '../../common/report/figures.ts';
import {FEWEST_TRIALS, importances} from '../importance/importance.ts';
import {observations} from '../study/trial.ts';
import type {PageData} from './page-data.ts';

/** How much each parameter mattered, and in which direction. */
export function importanceSection({sweep, trials}: PageData): Html | undefined {
  const found = importances(sweep.parameters, observations(trials, sweep.metric));
  if (!found) {
    if (trials.length === 0 || sweep.parameters.every(({distribution}) => distribution.kind === 'constant'))
      return undefined;
    return html`<section id="importance"><h2>Importance</h2><p class="note">It takes ${FEWEST_TRIALS} trials to say which parameters matter.</p></section>`;
  }
  const rows = found.map(
    ({name, share, correlation}) =>
      html`<tr><th scope="row">${isolated(name)}</th><td class="number">${percent(share, 0)}</td><td>${bar(share)}</td><td class="number">${correlation === null ? 'categories' : signed(correlation)}</td></tr>
`,
  );
  return html`<section id="importance"><h2>Importance</h2>
${dataTable({
  label: 'Importance of parameters',
  kind: 'importance',
  note: 'Importance: by how much a random forest that predicts the rank of a trial errs more when this parameter is shuffled, as a share of all. Correlation: Spearman’s, above 0 where larger values were better. With few trials both are rough.',
  columns: [
    {title: 'parameter'},
    {title: 'importance', number: true},
    {title: ''},
    {title: 'correlation', number: true},
  ],
  rows,
})}
</section>`;
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;
}
