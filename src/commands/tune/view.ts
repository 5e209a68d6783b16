import type {ChalkInstance} from 'chalk';
import {columnsOf, wrapWords} from '../../cli/fit.ts';
import {formatAmount, formatDuration, formatPercent} from '../../cli/format.ts';
import {printable} from '../../cli/printable.ts';
import {createProgress, type Progress} from '../../cli/progress.ts';
import {renderTable} from '../../cli/table.ts';
import type {WorkerMessage} from '../../training/worker/messages.ts';
import type {SearchEvents} from '../../tuning/study/search.ts';
import {bestEpoch, type EpochValues, ranking, type Trial} from '../../tuning/study/trial.ts';
import type {Sweep, SweepMetric} from '../../tuning/sweep/sweep.ts';

const BEST_SHOWN = 5;

interface ViewOptions {
  quiet: boolean;
  sweep: Sweep;
  /** Most trials in all. */
  most: number;
}

/** Shows a search: a bar for the running trial, a line for each that has ended. */
export class TuningView implements Pick<SearchEvents, 'onTrial' | 'onEnd'> {
  #progress: Progress | undefined;
  #steps = {done: 0, total: 0, epochs: 0};
  #best: Trial | undefined;
  readonly #options: ViewOptions;

  constructor(options: ViewOptions) {
    this.#options = options;
  }

  /** @param trials those of earlier sessions */
  begin(trials: readonly Trial[]): void {
    const {sweep} = this.#options;
    this.#best = ranking(trials, sweep.metric)[0];
  }

  onTrial(trial: Trial, resumed: boolean): void {
    this.#steps = {done: 0, total: 0, epochs: 0};
    this.#line(
      `trial ${trial.number}${resumed ? ' goes on' : ''}: ${settingsText(trial.parameters, this.#options.sweep)}`,
    );
  }

  onMessage(trial: Trial, message: WorkerMessage): void {
    if (message.type === 'started')
      this.#steps = {
        done: message.step,
        total: message.steps,
        epochs: Math.round(message.steps / message.stepsPerEpoch),
      };
    else if (message.type === 'planned') this.#steps.total = message.steps;
    else if (message.type === 'step') {
      this.#steps.done = message.step;
      this.#show(trial, message);
    }
  }

  onEnd(trial: Trial): void {
    const {metric} = this.#options.sweep;
    const isBest =
      ranking([trial, ...(this.#best ? [this.#best] : [])], metric)[0] === trial && trial.state !== 'failed';
    if (isBest) this.#best = trial;
    const what = {
      finished: '',
      stopped:
        trial.why === 'halving'
          ? `  stopped after ${formatAmount(trial.epochs.length, 'epoch')}: others were better`
          : '  stopped',
      failed: `  failed: ${trial.error?.code}: ${trial.error?.message}`,
      running: '',
    }[trial.state];
    const best = bestEpoch(trial, metric);
    const value = best ? `  ${metric.name} ${metricText(metric.name, best)}` : '';
    this.#line(`trial ${trial.number}${value}  ${formatDuration(trial.seconds)}${what}${isBest ? '  best' : ''}`);
  }

  stopping(): void {
    this.#line('stopping; press Ctrl-C again to quit at once');
  }

  close(): void {
    this.#progress?.stop();
    this.#progress = undefined;
  }

  #show(trial: Trial, {epoch, loss}: Extract<WorkerMessage, {type: 'step'}>): void {
    const {done, total} = this.#steps;
    const {metric} = this.#options.sweep;
    const best = this.#best && bestEpoch(this.#best, metric);
    this.#progress ??= createProgress({
      label: `trial ${trial.number}/${this.#options.most}`,
      unit: 'steps',
      total,
      quiet: this.#options.quiet,
    });
    this.#progress.update(done, [
      `epoch ${epoch}`,
      `loss ${loss.toFixed(4)}`,
      ...(best ? [`best ${metric.name} ${metricText(metric.name, best)}`] : []),
    ]);
  }

  #line(text: string): void {
    this.close();
    if (!this.#options.quiet) process.stderr.write(`${wrapWords(printable(text), columnsOf(process.stderr), 2)}\n`);
  }
}

/** The best trials as a table, the best first. */
export function bestTable(trials: readonly Trial[], sweep: Sweep, style: ChalkInstance): string {
  const searched = searchedParameters(sweep);
  const rows = ranking(trials, sweep.metric)
    .slice(0, BEST_SHOWN)
    .map((trial) => {
      const best = bestEpoch(trial, sweep.metric)!;
      return [
        String(trial.number),
        metricText(sweep.metric.name, best),
        `${best.epoch}/${trial.epochs.length}`,
        trial.state,
        ...searched.map((name) => valueText(trial.parameters[name])),
      ].map((cell) => printable(cell));
    });
  const table = renderTable(
    [['trial', sweep.metric.name, 'epoch', 'state', ...searched.map((name) => printable(name))], ...rows],
    'rrrlr',
  );
  const [head, first, ...rest] = table.split('\n');
  return [head, ...(first ? [style.bold(first)] : []), ...rest].join('\n');
}

/** Parameters that differ between trials. */
export function searchedParameters({parameters}: Sweep): string[] {
  return parameters.filter(({distribution}) => distribution.kind !== 'constant').map(({name}) => name);
}

/** A value of a metric: an accuracy as a percentage, a loss with four digits. */
export function metricText(name: SweepMetric['name'], values: EpochValues): string {
  return name.endsWith('accuracy') ? formatPercent(values[name], 3) : values[name].toFixed(4);
}

function settingsText(parameters: Readonly<Record<string, unknown>>, sweep: Sweep): string {
  return searchedParameters(sweep)
    .map((name) => `${name} ${valueText(parameters[name])}`)
    .join(', ');
}

function valueText(value: unknown): string {
  return typeof value === 'number' && !Number.isInteger(value) ? String(Number(value.toPrecision(4))) : String(value);
}
