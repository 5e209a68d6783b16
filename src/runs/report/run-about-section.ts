import {type Html, html} from '../../common/html.ts';
import {fact} from '../../common/report/facts.ts';
import {amount, count, duration, name} from '../../common/report/figures.ts';
import type {Run} from '../read-run.ts';
import {repeatCommand} from '../repeat-command.ts';

/** The command, the pictures, the machine and the time of a run. */
export function runAboutSection({record, status, folder, device, peakMemory}: Run): Html {
  const {dataset, versions, machine, date} = record;
  const {train, validation, test} = dataset.split.images;
  const labels = Object.entries(dataset.labels).map(
    ([label, number], i) => html`${i > 0 ? ', ' : ''}${name(label)} ${count(number)}`,
  );
  const division = dataset.split.given
    ? 'the split that the dataset brought'
    : `by content, seed ${dataset.split.seed} of the split`;
  const facts: [term: string, value: Html | undefined][] = [
    ['Command to repeat it', html`<code>${repeatCommand(record)}</code>`],
    ['Begun', html`<time datetime="${date}">${date.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')}</time>`],
    [
      'Time',
      status && html`${duration(status.seconds)}${status.sessions > 1 ? ` in ${status.sessions} sessions` : ''}`,
    ],
    ['Folder of the run', html`<code>${name(folder)}</code>`],
    ['Pictures', html`${amount(dataset.images, 'picture')} in <code>${name(dataset.root)}</code>: ${labels}`],
    ['Parts', html`${count(train)} to train, ${count(validation)} to validate, ${count(test)} to test; ${division}`],
    ['Digest of the pictures', html`<code>${dataset.digest}</code>`],
    [
      'Left out',
      dataset.errors.length > 0 ? html`${amount(dataset.errors.length, 'file')} could not be read` : undefined,
    ],
    [
      'Duplicates',
      dataset.duplicates > 0 ? html`${amount(dataset.duplicates, 'picture')} twice or more often` : undefined,
    ],
    [
      'Machine',
      html`${machine.cpu || 'unknown'}, ${amount(machine.cores, 'core')}, ${gigabytes(machine.memory)} memory, ${machine.platform}`,
    ],
    ['Computed on', device === undefined ? undefined : html`${device}`],
    ['Most memory', peakMemory === undefined ? undefined : html`${gigabytes(peakMemory)} in the training process`],
    [
      'Made by',
      html`rice ${versions.rice}, Node ${versions.node.replace(/^v/, '')}, onnxruntime ${versions.onnxruntime}`,
    ],
  ];
  return html`<section aria-labelledby="about">
<h2 id="about">About this run</h2>
<dl class="facts">
${facts.flatMap(([term, value]) => (value === undefined ? [] : [fact(term, value)]))}
</dl>
</section>`;
}

function gigabytes(bytes: number): string {
  return bytes < 1e9 ? `${count(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
