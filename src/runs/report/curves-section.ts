import {type Html, html} from '../../common/html.ts';
import {dataTable} from '../../common/report/data-table.ts';
import {count, percent} from '../../common/report/figures.ts';
import {lineChart, type Series} from '../../common/report/line-chart.ts';
import type {ObservedEpoch} from '../../training/observer.ts';
import type {Run} from '../read-run.ts';

/** The last epochs that the table has; `results.csv` has all. */
const ROWS = 200;

/** Loss, accuracy, learning rate and speed by epoch, and the figures. */
export function curvesSection({epochs, best, record}: Run): Html | undefined {
  if (epochs.length === 0) return undefined;
  const until = record.configuration.schedule.epochs;
  const mark = best && {x: best.epoch, name: `best: ${best.epoch}`};
  const series = (name: string, y: (epoch: ObservedEpoch) => number | undefined): Series => ({
    name,
    points: epochs.flatMap((epoch) => ({x: epoch.epoch, y: y(epoch) ?? Number.NaN})),
  });
  const common = {over: 'epoch', until, mark};
  return html`<section aria-labelledby="curves">
<h2 id="curves">Curves</h2>
<p class="note">Training: means over each epoch, on augmented pictures and with label smoothing, so usually worse than validation. Validation: the averaged weights at the end of the epoch, on untouched pictures.</p>
<div class="charts">
${lineChart({title: 'Loss', ...common, logarithmic: true, format: compact, series: [series('training', ({loss}) => loss), series('validation', ({validationLoss}) => validationLoss)]})}
${lineChart({title: 'Accuracy', ...common, high: 1, format: share, series: [series('training', ({accuracy}) => accuracy), series('validation', ({validationAccuracy}) => validationAccuracy)]})}
${lineChart({title: 'Learning rate at the end of the epoch', over: 'epoch', until, format: compact, series: [series('learning rate', ({learningRate}) => learningRate)]})}
${lineChart({title: 'Pictures a second', over: 'epoch', until, format: compact, series: [series('pictures a second', ({imagesPerSecond}) => imagesPerSecond)]})}
</div>
<details><summary>The figures of each epoch</summary>
${epochTable(epochs, best?.epoch)}
</details>
</section>`;
}

function epochTable(epochs: readonly ObservedEpoch[], best: number | undefined): Html {
  const shown = epochs.slice(-ROWS);
  const rows = shown.map(
    ({epoch, loss, accuracy, validationLoss, validationAccuracy, learningRate, imagesPerSecond}) =>
      html`<tr><th scope="row">${epoch}${epoch === best ? ' (best)' : ''}</th><td class="number">${compact(loss)}</td><td class="number">${percent(accuracy)}</td><td class="number">${compact(validationLoss)}</td><td class="number">${percent(validationAccuracy, 3)}</td><td class="number">${compact(learningRate)}</td><td class="number">${imagesPerSecond === undefined ? '-' : count(imagesPerSecond)}</td></tr>
`,
  );
  const columns = ['Loss', 'Accuracy', 'Validation loss', 'Validation accuracy', 'Learning rate', 'Pictures/s'];
  return dataTable({
    label: 'Table of the epochs',
    kind: 'epochs',
    note: `${shown.length < epochs.length ? `The last ${ROWS} epochs. ` : ''}results.csv beside this page has all of them with all digits.`,
    columns: [{title: 'Epoch'}, ...columns.map((title) => ({title, number: true}))],
    rows,
  });
}

/** Three digits that count: `0.0123`, `1.2e-5`, `1,630`. */
function compact(value: number): string {
  if (value !== 0 && (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e6))
    return value.toExponential(2).replace(/\.?0*e/, 'e');
  return Math.abs(value) >= 1000 ? count(value) : String(Number(value.toPrecision(3)));
}

/** `0.995` as `99.5%`, for an axis. */
function share(value: number): string {
  return `${Number((100 * value).toFixed(3))}%`;
}
