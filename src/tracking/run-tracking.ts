import type {Delivery} from './delivery.ts';
import {type EventBody, type RunDescription, type RunState, startOf, type TrackerName} from './event.ts';
import type {FileTracker} from './file-tracker.ts';
import {isTracked, Journal} from './journal.ts';
import type {MetricNames} from './metric-names.ts';
import {openFileTracker} from './open-file-tracker.ts';
import {type Sending, sendRun} from './sending/send-run.ts';
import {SystemMetrics} from './system-metrics.ts';
import {isWandbOffline, wandbMode} from './wandb/settings.ts';

const SYSTEM_PERIOD_MS = 15_000;
/** Who stops a training waits no longer for its trackers, in milliseconds. */
const IMPATIENCE_MS = 3000;

export interface TrackingOptions {
  /** Folder of the run. */
  run: string;
  now: () => number;
  /** Variables, which have the addresses and keys of services. */
  env: NodeJS.ProcessEnv;
  /** Told of each tracker that cannot be used, once. */
  warn: (message: string) => void;
}

export interface NewTracking extends TrackingOptions {
  trackers: readonly TrackerName[];
  metricNames: MetricNames;
  describe: () => RunDescription;
}

/**
 * Tells the trackers of a run what happens in it. Nothing here throws or waits: a training goes on whatever becomes of its
 * trackers. Everything is first written to the journal of the run, from which it can be sent later.
 */
export class RunTracking {
  readonly #options: TrackingOptions;
  readonly #journal: Journal;
  readonly #files = new Map<TrackerName, FileTracker>();
  readonly #services: Sending[];
  readonly #system: SystemMetrics;
  readonly #timer: NodeJS.Timeout;
  /** Nothing is told any more: the run has ended, or its journal cannot be written. */
  #ended = false;

  /** Begins to track a new run; undefined, with a warning, where not even its journal can be written. */
  static begin(options: NewTracking): RunTracking | undefined {
    const {trackers, metricNames, describe, now} = options;
    return RunTracking.#open(options, (journal) => {
      journal.append({type: 'start', trackers: [...trackers], metricNames, run: describe()}, now());
      return true;
    });
  }

  /**
   * Goes on with a run; undefined if it is not tracked, or was told to its end.
   *
   * @param isExtended whether there are more epochs now than when it ended
   */
  static resume(options: TrackingOptions, isExtended = false): RunTracking | undefined {
    if (!isTracked(options.run)) return undefined;
    return RunTracking.#open(options, (journal) => {
      const last = journal.events.at(-1);
      if (last?.type === 'finish' && last.state === 'finished' && !isExtended) return false;
      journal.append({type: 'resume'}, options.now());
      return true;
    });
  }

  static #open(options: TrackingOptions, begin: (journal: Journal) => boolean): RunTracking | undefined {
    let journal: Journal | undefined;
    try {
      journal = new Journal(options.run);
      if (begin(journal)) return new RunTracking(options, journal);
    } catch (error) {
      options.warn(`the run is not tracked: ${(error as Error).message}`);
    }
    journal?.close();
    return undefined;
  }

  private constructor(options: TrackingOptions, journal: Journal) {
    this.#options = options;
    this.#journal = journal;
    const {trackers} = startOf(journal.events);
    for (const name of trackers) this.#openFile(name);
    const {events, folder} = journal;
    const services = trackers.filter((name) => !this.#files.has(name) && !this.#isOff(name));
    this.#services = services.flatMap((name) => sendRun(name, {events, folder, ...options}) ?? []);
    this.#system = new SystemMetrics(options.run);
    this.#timer = setInterval(() => void this.#sample(), SYSTEM_PERIOD_MS);
    this.#timer.unref();
  }

  get metricNames(): MetricNames {
    return startOf(this.#journal.events).metricNames;
  }

  /** Whether a tracker of the run shows histograms. */
  get hasHistograms(): boolean {
    return startOf(this.#journal.events).trackers.some((name) => name === 'tensorboard' || name === 'wandb');
  }

  /** The folder for pictures that events name. */
  get folder(): string {
    return this.#journal.folder;
  }

  /** The epochs that the trackers know. */
  get epochs(): Set<number> {
    return new Set(this.#journal.events.flatMap((event) => (event.type === 'metrics' ? [event.step] : [])));
  }

  tell(body: EventBody): void {
    if (this.#ended) return;
    try {
      const event = this.#journal.append(body, this.#options.now());
      for (const [name, tracker] of this.#files) this.#guard(name, () => tracker.write(event));
      for (const service of this.#services) service.notify();
    } catch (error) {
      this.#ended = true;
      this.#options.warn(`the run is no longer tracked: ${(error as Error).message}`);
    }
  }

  /** Ends the tracking of the run, for a bounded time. */
  async finish(state: RunState): Promise<Delivery[]> {
    clearInterval(this.#timer);
    await this.#sample();
    this.tell({type: 'finish', state});
    // Nothing comes behind the end, such as a warning that something was kept.
    this.#ended = true;
    const written = [...this.#files].map(([tracker, {place}]): Delivery => ({tracker, state: 'written', place}));
    for (const tracker of this.#files.values()) tracker.close();
    const end = state === 'killed' ? {longest: IMPATIENCE_MS} : {};
    const sent = await Promise.all(this.#services.map((service) => service.finish(end)));
    this.#journal.close();
    return [...sent, ...written];
  }

  async #sample(): Promise<void> {
    this.tell({type: 'system', values: await this.#system.sample()});
  }

  /** Whether W&B is turned off, or could not be written. */
  #isOff(name: TrackerName): boolean {
    if (name !== 'wandb') return false;
    const {env} = this.#options;
    try {
      return wandbMode(env) === 'disabled' || isWandbOffline(startOf(this.#journal.events).run, env);
    } catch {
      // Told when its file was to be opened.
      return true;
    }
  }

  #openFile(name: TrackerName): void {
    const {env} = this.#options;
    this.#guard(name, () => {
      const tracker = openFileTracker(name, this.#journal.events, env);
      if (!tracker) return;
      this.#files.set(name, tracker);
      if (name === 'wandb' && !env.WANDB_MODE)
        this.#options.warn(`wandb: there is no key, so the run is written to ${tracker.place}; wandb sync sends it`);
    });
  }

  #guard(name: TrackerName, action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#files.get(name)?.close();
      this.#files.delete(name);
      this.#options.warn(`${name} is not written any more: ${(error as Error).message}`);
    }
  }
}
