import {type Html, html} from '../../common/html.ts';
import {tile} from '../../common/report/facts.ts';
import {amount, count, duration, name, percent} from '../../common/report/figures.ts';
import {shellWords} from '../../common/shell-words.ts';
import type {Run} from '../read-run.ts';
import type {RunPageData} from './run-page-data.ts';

/** How good the run is, how far it has come, and the key figures. */
export function runHeadline({run, at, date}: RunPageData): Html {
  const {record, epochs, best, test, status, device} = run;
  const planned = record.configuration.schedule.epochs;
  const speeds = epochs.flatMap(({imagesPerSecond}) => imagesPerSecond ?? []);
  const tiles: [term: string, value: string | undefined][] = [
    ['Test accuracy', test && percent(test.accuracy, 3)],
    ['Best in validation', best && `${percent(best.accuracy, 3)}, epoch ${best.epoch}`],
    ['Mistakes in the test', test && `${count(test.mistakes.length)} of ${count(test.images)}`],
    ['Epochs', `${count(epochs.length)} of ${count(planned)}`],
    ['Pictures a second', speeds.length > 0 ? count(median(speeds)) : undefined],
    ['Time', status && duration(status.seconds)],
    ['Computed on', device],
  ];
  return html`<header>
<p class="kicker">Training run ${name(run.name)}, ${record.date.slice(0, 10)}</p>
<h1>${title(run)}</h1>
<p class="lead">${lead(run, at)}</p>
${stateLine(run, date)}
<dl class="tiles">
${tiles.flatMap(([term, value]) => (value === undefined ? [] : [tile(term, value)]))}
</dl>
</header>`;
}

/** The title of the page, without markup. */
export function title({test, best}: Run): string {
  if (test) return `${percent(test.accuracy)} right`;
  return best ? `${percent(best.accuracy)} in validation` : 'No epoch yet';
}

function lead({test, best, record, epochs, state}: Run, at: RunPageData['at']): Html {
  const planned = record.configuration.schedule.epochs;
  if (test)
    return html`${count(test.images - test.mistakes.length)} of ${amount(test.images, 'picture')} of the test part. With 95 % confidence the true accuracy lies between ${percent(test.interval.low)} and ${percent(test.interval.high)}.`;
  if (state === 'training') {
    const where = at ? html`, step ${count(at.step)} of ${count(at.steps)}` : undefined;
    const epoch = Math.min(epochs.length + 1, planned);
    return epochs.length >= planned
      ? html`All ${amount(planned, 'epoch')} are done; the model is being made and measured.`
      : html`In epoch ${count(epoch)} of ${count(planned)}${where}.`;
  }
  if (!best) return html`It ended before the first of ${amount(planned, 'epoch')}.`;
  return html`The best of ${amount(epochs.length, 'epoch')} is epoch ${best.epoch}, on ${amount(record.dataset.split.images.validation, 'picture')} of the validation part.`;
}

/** What is going on, or why it ended, and how to go on. */
function stateLine({state, status, folder, record, epochs}: Run, date: string): Html | undefined {
  if (state === 'finished') return undefined;
  if (state === 'training')
    return html`<p class="state"><strong>Training.</strong> This page renews itself; written <time datetime="${date}">${date.slice(11, 19)} UTC</time>.</p>`;
  const planned = record.configuration.schedule.epochs;
  const reason = status?.error ? html` ${name(status.error.message)}.` : undefined;
  return html`<p class="state ended"><strong>${state === 'failed' ? 'Failed' : 'Interrupted'}</strong> after ${count(epochs.length)} of ${amount(planned, 'epoch')}.${reason} Continue with <code>${shellWords(['rice', 'train', '--resume', folder])}</code></p>`;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}
