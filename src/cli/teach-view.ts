import type {ChalkInstance} from 'chalk';
import {shellWords} from '../common/shell-words.ts';
import type {HeldAccuracy} from '../training/teach/fit/held-accuracy.ts';
import type {TeachEvents, TeachPhase, TeachResult} from '../training/teach/teach.ts';
import {fromHere} from './display-path.ts';
import {columnsOf, wrapWords} from './fit.ts';
import {formatAmount, formatCount, formatDuration, formatPercent} from './format.ts';
import {printable} from './printable.ts';
import {createProgress, type Progress} from './progress.ts';

interface ViewOptions {
  quiet: boolean;
  style: ChalkInstance;
  /** Prints the result on the output of results. */
  print: (text: string) => void;
  warn: (text: string) => void;
}

/** Labels whose accuracy is printed: of more, those with the lowest. */
const MOST_LABELS = 12;

/** Shows how a model is made of another one: the pictures, a bar for the current phase, and the result. */
export class TeachView implements TeachEvents {
  #bar: {phase: TeachPhase; progress: Progress} | undefined;
  readonly #options: ViewOptions;

  constructor(options: ViewOptions) {
    this.#options = options;
  }

  onPictures({images, labels, groups, errors}: Parameters<TeachEvents['onPictures']>[0]): void {
    const named = Object.entries(labels).filter(([, count]) => count > 0);
    const left = errors.length > 0 ? `, ${formatCount(errors.length)} left out` : '';
    const from = groups < images - errors.length ? ` (${formatCount(groups)} different photographs)` : '';
    this.#printLine(`${formatAmount(images, 'picture')} of ${named.map(([label]) => label).join(', ')}${from}${left}`);
    for (const {path, code, message} of errors.slice(0, 5))
      this.#options.warn(`left out: ${path}: ${code}: ${message}`);
    if (errors.length > 5) this.#options.warn(`left out: ${errors.length - 5} more`);
  }

  onPhase(phase: TeachPhase, done: number, total: number): void {
    if (phase === 'fitting') {
      this.#endBar();
      return;
    }
    if (this.#bar?.phase !== phase) {
      this.#endBar();
      const unit = phase === 'measuring' ? 'views' : 'pictures';
      this.#bar = {phase, progress: createProgress({label: phase, unit, total, quiet: this.#options.quiet})};
    }
    this.#bar.progress.update(done);
  }

  onWarning(message: string): void {
    this.#options.warn(message);
  }

  /** Confirms that Ctrl-C was received. */
  stopping(): void {
    this.#printLine('stopping; press Ctrl-C again to quit at once');
  }

  result({run, model, from, camera, held, seconds}: TeachResult): void {
    this.close();
    const {style, quiet} = this.#options;
    const {images, folds, accuracy, accepted, acceptedRight} = held;
    const rows = labelRows(held);
    const lines = [
      `model       ${style.bold(printable(model))}`,
      `made of     ${printable(`${from.name} ${from.version}`)} in ${formatDuration(seconds)}${camera === undefined ? '' : `, for the camera ${printable(camera)}`}`,
      `accuracy    ${style.bold(formatPercent(accuracy, 1))} (${intervalOf(held.interval)}) of ${formatAmount(images, 'picture')}, each named by a model that had not seen it (${folds} folds)`,
      `accepted    ${formatPercent(accepted, 1)}${acceptedRight === null ? '' : `, of which ${formatPercent(acceptedRight, 1)} are right`}`,
      ...rows,
      ...hintOf(held),
      ...(quiet
        ? []
        : [
            '',
            `Use it:     ${style.bold(printable(shellWords(['rice', 'predict', 'PICTURE', '--model', fromHere(run)])))}`,
            `            ${style.bold(printable(shellWords(['rice', 'scan', 'PHOTO', '--model', fromHere(run)])))}`,
            `Share it:   ${printable(fromHere(model))} has everything in one file`,
          ]),
    ];
    this.#options.print(lines.join('\n'));
  }

  close(): void {
    this.#endBar();
  }

  #endBar(): void {
    this.#bar?.progress.stop();
    this.#bar = undefined;
  }

  #printLine(text: string): void {
    this.close();
    if (!this.#options.quiet) process.stderr.write(`${wrapWords(printable(text), columnsOf(process.stderr), 2)}\n`);
  }
}

function labelRows({labels, confusion}: HeldAccuracy): string[] {
  const names = Object.keys(labels);
  const present = names.filter((name) => labels[name].images > 0);
  const shown = [...present]
    .sort((a, b) => (labels[a].accuracy ?? 1) - (labels[b].accuracy ?? 1))
    .slice(0, MOST_LABELS)
    .sort((a, b) => present.indexOf(a) - present.indexOf(b));
  const width = Math.max(...shown.map((name) => printable(name).length));
  return shown.map((name) => {
    const {images, accuracy, interval} = labels[name];
    const row = confusion[names.indexOf(name)];
    const wrong = row
      .map((count, i) => ({count, label: names[i]}))
      .filter(({count, label}) => label !== name && count > 0)
      .sort((a, b) => b.count - a.count);
    const taken = wrong.length === 0 ? '' : `, mostly taken for ${printable(wrong[0].label)} (${wrong[0].count})`;
    return `  ${printable(name).padEnd(width)}  ${formatPercent(accuracy ?? 0, 1)} of ${images} (${intervalOf(interval)})${taken}`;
  });
}

function hintOf({interval, toHalve}: HeldAccuracy): string[] {
  if (interval.high - interval.low < 0.02) return [];
  return [
    `hint        about ${formatAmount(toHalve, 'picture')} a label, from several photographs, would halve the width of the interval`,
  ];
}

function intervalOf({low, high}: {low: number; high: number}): string {
  return `95 % interval ${formatPercent(low, 1)} to ${formatPercent(high, 1)}`;
}
