/** Those who hear of a run as it goes on: its report, a tracker of experiments, a search. */

import type {EpochMetrics} from './artifact/checkpoint.ts';
import type {MeasuredTest} from './run/measure-test-part.ts';
import type {RunRecord} from './run/run-folder.ts';
import type {TrainingResult} from './training-result.ts';
import type {WorkerMessage} from './worker/messages.ts';

export interface ObservedRun {
  /** The run's folder. */
  folder: string;
  record: RunRecord;
  /** Whether it was begun by an earlier process; then `history` holds the epochs that are done, and their speeds. */
  resumed: boolean;
  history: readonly ObservedEpoch[];
}

/** An epoch with the pictures a second that it trained on; missing where an earlier version did not record them. */
export interface ObservedEpoch extends EpochMetrics {
  imagesPerSecond?: number;
}

/**
 * Hears of a run in the process that started it, while another one trains: `started` once, then `epoch` after each epoch
 * and its checkpoint, then `finished` or `failed`, unless this process is killed. Nothing is waited for but the promises
 * of the last two, so those need a limit of their own. What an observer throws becomes a warning, and it hears no more.
 */
export interface TrainingObserver {
  /** Who it is, for the warning. */
  name: string;
  /** The folder of the run is there, with its record; the training process is about to start. */
  started?(run: ObservedRun): void;
  /** Everything that the training process says, also each epoch. */
  message?(message: WorkerMessage): void;
  epoch?(epoch: ObservedEpoch & {best: boolean}): void;
  /** The model is written; `test` is missing where there was nothing to test with. */
  finished?(result: TrainingResult, test: MeasuredTest | undefined): void | Promise<void>;
  /** Also for an interruption, which has the code TRAINING_INTERRUPTED. */
  failed?(error: Error): void | Promise<void>;
}

/** Tells all observers, none of which can stop the training. */
export class Observers {
  #listening: TrainingObserver[];
  readonly #warn: (message: string) => void;

  constructor(observers: readonly TrainingObserver[], warn: (message: string) => void) {
    this.#listening = [...observers];
    this.#warn = warn;
  }

  started(run: ObservedRun): void {
    for (const each of this.#listening) this.#guard(each, () => each.started?.(run));
  }

  message(message: WorkerMessage): void {
    for (const each of this.#listening) {
      this.#guard(each, () => {
        each.message?.(message);
        if (message.type !== 'epoch') return;
        const {type: _, ...epoch} = message;
        each.epoch?.(epoch);
      });
    }
  }

  async finished(result: TrainingResult, test: MeasuredTest | undefined): Promise<void> {
    await this.#last((each) => each.finished?.(result, test));
  }

  async failed(error: Error): Promise<void> {
    await this.#last((each) => each.failed?.(error));
  }

  async #last(tell: (each: TrainingObserver) => void | Promise<void>): Promise<void> {
    const all = this.#listening.map(async (each) => {
      try {
        await tell(each);
      } catch (error) {
        this.#drop(each, error);
      }
    });
    await Promise.all(all);
  }

  #guard(each: TrainingObserver, action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#drop(each, error);
    }
  }

  #drop(gone: TrainingObserver, error: unknown): void {
    this.#listening = this.#listening.filter((each) => each !== gone);
    this.#warn(`${gone.name} failed, and was left out from there on: ${(error as Error).message}`);
  }
}
