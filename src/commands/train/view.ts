import {isAbsolute, join} from 'node:path';
import type {ChalkInstance} from 'chalk';
import {fromHere} from '../../cli/display-path.ts';
import {columnsOf, wrapWords} from '../../cli/fit.ts';
import {formatAmount, formatCount, formatDuration, formatPercent, formatRate} from '../../cli/format.ts';
import {printable} from '../../cli/printable.ts';
import {createProgress, type Progress} from '../../cli/progress.ts';
import {shellWords} from '../../common/shell-words.ts';
import type {Delivery} from '../../tracking/delivery.ts';
import {mostlyWithoutSingleGrain} from '../../training/run/check-dataset.ts';
import {CORRECTIONS_FILE} from '../../training/run/corrections-copy.ts';
import type {Phase, TrainingEvents, TrainingResult} from '../../training/train.ts';
import type {WorkerMessage} from '../../training/worker/messages.ts';

interface ViewOptions {
  quiet: boolean;
  style: ChalkInstance;
  /** Prints the result on the output of results. */
  print: (text: string) => void;
  warn: (text: string) => void;
  /** Told of each line that is shown. */
  onLine?: (text: string) => void;
}

type Message<Type extends WorkerMessage['type']> = Extract<WorkerMessage, {type: Type}>;

export interface TrackedResult extends TrainingResult {
  /** What became of the run in its trackers; missing if it has none. */
  tracking?: Delivery[];
}

const MEGABYTE = 1e6;

/** Shows a training run: the dataset, a bar for the current phase, one line per epoch, and the result. */
export class TrainingView implements TrainingEvents {
  #bar: {label: string; progress: Progress} | undefined;
  #run = {steps: 0, stepsPerEpoch: 0, batchSize: 0, epochs: 0};

  #dataset: {root: string; labelsFrom?: string; corrections?: object} | undefined;

  readonly #options: ViewOptions;

  constructor(options: ViewOptions) {
    this.#options = options;
  }

  onDataset(dataset: Parameters<TrainingEvents['onDataset']>[0]): void {
    this.#dataset = dataset;
    const {images, labels, split, errors} = dataset;
    const {train, validation, test} = split.images;
    const parts = `${formatCount(train)} to train, ${formatCount(validation)} to validate, ${formatCount(test)} to test`;
    const left = errors.length > 0 ? `, ${formatCount(errors.length)} left out` : '';
    this.#printLine(`${formatAmount(images, 'picture')} of ${Object.keys(labels).join(', ')}: ${parts}${left}`);
    for (const {path, code, message} of errors.slice(0, 5))
      this.#options.warn(`left out: ${path}: ${code}: ${message}`);
    if (errors.length > 5) this.#options.warn(`left out: ${errors.length - 5} more`);
  }

  onPhase(phase: Phase, done: number, total: number): void {
    if (phase === 'downloading') this.#show(phase, 'MB', total / MEGABYTE).update(done / MEGABYTE);
    else this.#show(phase, 'pictures', total).update(done);
  }

  onNote(message: string): void {
    this.#printLine(message);
  }

  onWarning(message: string): void {
    this.#options.warn(message);
  }

  onMessage(message: WorkerMessage): void {
    if (message.type === 'started') this.#started(message);
    else if (message.type === 'features') this.#show('features', 'pictures', message.total).update(message.done);
    else if (message.type === 'planned') this.#planned(message);
    else if (message.type === 'step') this.#step(message);
    else if (message.type === 'epoch') this.#epoch(message);
    else if (message.type === 'warning') this.onWarning(message.message);
  }

  /** Confirms that Ctrl-C was received. */
  stopping(): void {
    this.#printLine('stopping; press Ctrl-C again to quit at once');
  }

  result(result: TrackedResult): void {
    const {run, model, test, best, epochs, ended, seconds, withoutSingleGrain, tracking} = result;
    this.close();
    const doubtful = mostlyWithoutSingleGrain(withoutSingleGrain).map((label) => printable(label));
    const {style} = this.#options;
    const lines = [
      `model       ${style.bold(printable(model))}`,
      `validation  ${formatPercent(best.accuracy, 3)} in epoch ${best.epoch} of ${epochs}${ENDED[ended]}`,
      ...(test
        ? [
            `test        ${style.bold(formatPercent(test.accuracy, 3))}, ${formatAmount(test.mistakes, 'mistake')} in ${formatAmount(test.images, 'picture')}`,
          ]
        : []),
      ...(doubtful.length > 0
        ? [`unknown     most pictures of ${doubtful.join(', ')}: no single grain was found in them`]
        : []),
      `run         ${printable(run)}, ${formatDuration(seconds)}`,
      ...(tracking ?? []).map((delivery) => printable(deliveryLine(delivery, run))),
      ...(this.#options.quiet ? [] : ['', ...this.#nextSteps(run, model, test ? 'test' : 'validation')]),
    ];
    this.#options.print(lines.join('\n'));
  }

  /** What to do with the model, as commands to copy. */
  #nextSteps(run: string, model: string, part: string): string[] {
    const {style} = this.#options;
    const command = (...words: string[]) =>
      style.bold(printable(shellWords(['rice', ...words, '--model', fromHere(run)])));
    const {root = 'DIR', labelsFrom, corrections} = this.#dataset ?? {};
    const list = [
      ...(labelsFrom === undefined ? [] : ['--labels-from', fromHere(labelsFrom)]),
      ...(corrections === undefined ? [] : ['--corrections', fromHere(join(run, CORRECTIONS_FILE))]),
    ];
    return [
      `Look at it: ${printable(fromHere(join(run, 'report.html')))} in a browser`,
      `Use it:     ${command('predict', 'PICTURE')}`,
      `Measure it: ${command('evaluate', fromHere(root), ...list, '--part', part)}`,
      `Share it:   ${printable(fromHere(model))} has everything in one file`,
    ];
  }

  close(): void {
    this.#bar?.progress.stop();
    this.#bar = undefined;
  }

  #started({device, images, parameters, allParameters, step, steps, stepsPerEpoch}: Message<'started'>): void {
    const epochs = Math.round(steps / stepsPerEpoch);
    this.#run = {steps, stepsPerEpoch, epochs, batchSize: images.train / stepsPerEpoch};
    const from = step > 0 ? `, continuing at step ${formatCount(step)}` : '';
    const what = `${formatAmount(epochs, 'epoch')} of ${formatAmount(stepsPerEpoch, 'step')}`;
    const of = allParameters > parameters ? ` of ${formatCount(allParameters)}` : '';
    this.#printLine(`training ${formatCount(parameters)}${of} parameters on ${device}: ${what}${from}`);
  }

  /** A training with a limit of time finds out how many steps fit into it. */
  #planned({steps}: Message<'planned'>): void {
    const epochs = Math.ceil(steps / this.#run.stepsPerEpoch);
    if (epochs !== this.#run.epochs) this.close();
    this.#run = {...this.#run, steps, epochs};
  }

  #step({step, epoch, loss, accuracy, imagesPerSecond}: Message<'step'>): void {
    const {steps, stepsPerEpoch, epochs, batchSize} = this.#run;
    const left = ((steps - step) * batchSize) / imagesPerSecond;
    const notes = [
      `loss ${formatLoss(loss)}`,
      formatPercent(accuracy, 2),
      ...(Number.isFinite(left) ? [`${formatDuration(left)} to the end`] : []),
      `${formatRate(imagesPerSecond)} pictures/s`,
    ];
    this.#show(`epoch ${epoch}/${epochs}`, 'steps', stepsPerEpoch).update(step - (epoch - 1) * stepsPerEpoch, notes);
  }

  #epoch({epoch, loss, accuracy, validationLoss, validationAccuracy, imagesPerSecond, best}: Message<'epoch'>): void {
    const parts = [
      `epoch ${epoch}/${this.#run.epochs}`,
      `loss ${formatLoss(loss)}`,
      `accuracy ${formatPercent(accuracy, 2)}`,
      `validation loss ${formatLoss(validationLoss)}`,
      `accuracy ${formatPercent(validationAccuracy, 3)}`,
      `${formatRate(imagesPerSecond)} pictures/s`,
    ];
    this.#printLine(`${parts.join('  ')}${best ? '  best' : ''}`);
  }

  #printLine(text: string): void {
    this.close();
    this.#options.onLine?.(text);
    if (!this.#options.quiet) process.stderr.write(`${wrapWords(printable(text), columnsOf(process.stderr), 2)}\n`);
  }

  #show(label: string, unit: string, total: number): Progress {
    if (this.#bar?.label !== label) {
      this.close();
      this.#bar = {label, progress: createProgress({label, unit, total, quiet: this.#options.quiet})};
    }
    return this.#bar.progress;
  }
}

const ENDED: Record<TrainingResult['ended'], string> = {
  epochs: '',
  patience: ', none was better since',
  time: ', as many as its time allowed',
};

function deliveryLine({tracker, state, place, reason}: Delivery, run: string): string {
  if (state !== 'kept') return `tracked     ${tracker}: ${isAbsolute(place) ? fromHere(place) : place}`;
  return `tracked     ${tracker}: kept, since ${reason}; send it: ${shellWords(['rice', 'runs', 'sync', fromHere(run)])}`;
}

/** Four decimals, or scientific notation for a huge loss, which means that training diverges. */
function formatLoss(loss: number): string {
  return loss < 1000 ? loss.toFixed(4) : loss.toExponential(2);
}
