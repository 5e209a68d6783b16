import {join} from 'node:path';
import {passes, rungReached} from '../halving.ts';
import {gridPoint} from '../samplers/grid-sampler.ts';
import {randomOf, suggestRandomly} from '../samplers/random-sampler.ts';
import {suggestByTpe} from '../samplers/tpe-sampler.ts';
import type {Sweep} from '../sweep/sweep.ts';
import {TRIALS_FILE} from './study-folder.ts';
import {applyEvent, bestEpoch, lossOf, observations, type Trial} from './trial.ts';
import {appendEvent, readEvents, type TrialEvent} from './trial-log.ts';

/** The trials of a search: what was tried, and what comes next. All of it is in the file of events. */
export class Study {
  readonly #trials = new Map<number, Trial>();
  readonly #path: string;

  constructor(
    readonly folder: string,
    readonly sweep: Sweep,
    readonly seed: number,
  ) {
    this.#path = join(folder, TRIALS_FILE);
    for (const event of readEvents(this.#path)) applyEvent(this.#trials, event);
  }

  get trials(): Trial[] {
    return [...this.#trials.values()].sort((a, b) => a.number - b.number);
  }

  record(event: TrialEvent): Trial {
    appendEvent(this.#path, event);
    applyEvent(this.#trials, event);
    return this.#trials.get(event.trial)!;
  }

  /**
   * What to do next: go on with a trial that was interrupted, or that others have made worth it; else a new one.
   * Undefined where a grid is done.
   *
   * @param most trials in all
   */
  next(most: number): {trial: Trial} | {number: number; parameters: Record<string, unknown>} | undefined {
    const interrupted = this.trials.find(
      ({state, why}) => state === 'running' || (state === 'stopped' && why !== 'halving'),
    );
    if (interrupted) return {trial: interrupted};
    const promoted = this.#promotable();
    if (promoted) return {trial: promoted};
    const number = this.#trials.size + 1;
    const parameters = number <= most ? this.#suggest(number) : undefined;
    return parameters && {number, parameters};
  }

  /** Whether a trial that has come to the end of an epoch should stop, because others were better by then. */
  shouldStop(trial: Trial): boolean {
    const epoch = trial.epochs.length;
    return (this.sweep.hyperband?.rungs.includes(epoch) ?? false) && !this.#passes(trial, epoch);
  }

  /** Whether the best trial has reached what the sweep asks for. */
  get targetReached(): boolean {
    const {metric} = this.sweep;
    const {name, goal, target} = metric;
    if (target === undefined) return false;
    return this.trials.some((trial) => {
      const best = trial.state === 'finished' ? bestEpoch(trial, metric)?.[name] : undefined;
      return best !== undefined && (goal === 'maximize' ? best >= target : best <= target);
    });
  }

  /** The best of the trials that were stopped early and would pass now: more trials have come since. */
  #promotable(): Trial | undefined {
    const {hyperband} = this.sweep;
    if (!hyperband) return undefined;
    return this.trials
      .filter(({state, why}) => state === 'stopped' && why === 'halving')
      .filter((trial) => this.#passes(trial, rungReached(trial.epochs.length, hyperband) ?? 0))
      .sort((a, b) => b.epochs.length - a.epochs.length)[0];
  }

  #passes(trial: Trial, rung: number): boolean {
    const course = ({epochs}: Trial) => epochs.map((values) => lossOf(values, this.sweep.metric));
    const others = this.trials.filter((each) => each.number !== trial.number).map(course);
    return rung > 0 && passes(course(trial), others, rung, this.sweep.hyperband!);
  }

  #suggest(number: number): Record<string, unknown> | undefined {
    const {method, parameters, metric} = this.sweep;
    if (method === 'grid') return gridPoint(parameters, number - 1);
    const random = randomOf(this.seed, number);
    if (method === 'random') return suggestRandomly(parameters, random);
    return suggestByTpe(parameters, observations(this.trials, metric), random);
  }
}
