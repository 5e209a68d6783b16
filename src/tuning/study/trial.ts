import {compareLosses, type Observation} from '../samplers/observation.ts';
import type {MetricName, SweepMetric} from '../sweep/sweep.ts';
import type {StopReason, TrialEvent} from './trial-log.ts';

export type EpochValues = {epoch: number} & Record<MetricName, number>;

/** A trial, as its events tell of it. */
export interface Trial {
  number: number;
  parameters: Record<string, unknown>;
  /** The folder of its run, relative to that of the search. */
  run: string;
  state: 'running' | 'stopped' | 'finished' | 'failed';
  why?: StopReason;
  error?: {code: string; message: string};
  epochs: EpochValues[];
  /** Seconds of all its sessions that came to an end. */
  seconds: number;
}

/** The trials from their events, in the order of their numbers. */
export function trialsOf(events: readonly TrialEvent[]): Trial[] {
  const trials = new Map<number, Trial>();
  for (const event of events) applyEvent(trials, event);
  return [...trials.values()].sort((a, b) => a.number - b.number);
}

export function applyEvent(trials: Map<number, Trial>, event: TrialEvent): void {
  if (event.event === 'started') {
    const {trial: number, parameters, run} = event;
    trials.set(number, {number, parameters, run, state: 'running', epochs: [], seconds: 0});
    return;
  }
  const trial = trials.get(event.trial);
  if (!trial) return;
  if (event.event === 'epoch') {
    const {event: _, trial: __, ...values} = event;
    // After a kill, a resumed run may make an epoch again: the same one, for it began from a checkpoint before it.
    trial.epochs = [...trial.epochs.filter(({epoch}) => epoch < values.epoch), values];
    return;
  }
  trial.state = event.event === 'resumed' ? 'running' : event.event;
  if (event.event === 'stopped') trial.why = event.why;
  else delete trial.why;
  if (event.event === 'failed') trial.error = event.error;
  if (event.event !== 'resumed') trial.seconds += event.seconds;
}

/**
 * What to compare trials by, lower is better: the metric, and where that is an accuracy, which few pictures make coarse,
 * the loss of the same part.
 */
export function lossOf(values: EpochValues, {name, goal}: SweepMetric): number[] {
  const value = goal === 'maximize' ? -values[name] : values[name];
  const finite = Number.isFinite(value) ? value : Number.POSITIVE_INFINITY;
  if (!name.endsWith('accuracy')) return [finite];
  return [finite, values[name === 'val/accuracy' ? 'val/loss' : 'train/loss']];
}

/** The best epoch of a trial; undefined if it has none. */
export function bestEpoch({epochs}: Trial, metric: SweepMetric): EpochValues | undefined {
  return epochs.reduce<EpochValues | undefined>((best, each) => {
    return best && compareLosses(lossOf(each, metric), lossOf(best, metric)) >= 0 ? best : each;
  }, undefined);
}

/** Trials with an epoch, the best first. Those that failed come last: they left no model. */
export function ranking(trials: readonly Trial[], metric: SweepMetric): Trial[] {
  const loss = (trial: Trial) => [trial.state === 'failed' ? 1 : 0, ...lossOf(bestEpoch(trial, metric)!, metric)];
  return trials.filter(({epochs}) => epochs.length > 0).sort((a, b) => compareLosses(loss(a), loss(b)));
}

/**
 * What a sampler learns from the trials that have ended. A failed one counts as the worst that came to an end, or as the
 * metric's `impute` says.
 */
export function observations(trials: readonly Trial[], metric: SweepMetric): Observation[] {
  const ended = trials.filter(({state}) => state !== 'running');
  const losses = ended
    .filter(({state, epochs}) => state === 'finished' && epochs.length > 0)
    .map((trial) => lossOf(bestEpoch(trial, metric)!, metric));
  const worst = losses.reduce<number[] | undefined>((a, b) => (a && compareLosses(a, b) >= 0 ? a : b), undefined);
  return ended.flatMap((trial): Observation[] => {
    const {parameters, state, epochs} = trial;
    const best = bestEpoch(trial, metric);
    if (state === 'failed') {
      const own = metric.impute === 'latest' ? epochs.at(-1) : metric.impute === 'best' ? best : undefined;
      const loss = own ? lossOf(own, metric) : worst;
      return loss ? [{parameters, loss}] : [];
    }
    if (!best) return [];
    const loss = lossOf(best, metric);
    return [{parameters, loss, ...(state === 'stopped' ? {stoppedAfter: epochs.length} : {})}];
  });
}
