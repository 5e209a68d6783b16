import {ExplainThread, type PictureExplanation} from '../../explanation/explain-thread.ts';
import type {ExplainerOptions} from '../../explanation/explainer.ts';
import type {ShownAnswer} from '../../explanation/picture/draw-explanation.ts';
import {RejectedRequest} from '../rejected-request.ts';

/** Explanations that may wait for the thread; more are rejected. */
const MAX_WAITING = 8;

/**
 * Explanations that wait for their one thread, in the order of their arrival. It is another one than those of predictions, so that these
 * never wait, and it is started with the first explanation, since many servers are never asked for one.
 */
export class ExplainQueue {
  readonly #load: ExplainerOptions;
  readonly #onLost: (cause: Error) => void;
  #thread: ExplainThread | undefined;
  #open = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(load: ExplainerOptions, onLost: (cause: Error) => void) {
    this.#load = load;
    this.#onLost = onLost;
  }

  /**
   * Explains an answer.
   *
   * @param signal if aborted, its reason is thrown; an explanation that waits is dropped then
   * @throws RejectedRequest SERVER_BUSY if too many wait already; RiceError as `ExplainThread.explain`
   */
  async explain(bytes: Uint8Array, answer: ShownAnswer, signal: AbortSignal): Promise<PictureExplanation> {
    signal.throwIfAborted();
    if (this.#open > MAX_WAITING)
      throw new RejectedRequest('queue', 'SERVER_BUSY', 'too many answers wait to be explained');
    this.#open++;
    const work = this.#last.then(() => {
      signal.throwIfAborted();
      if (this.#thread?.failed) {
        void this.#thread.close();
        this.#thread = undefined;
      }
      this.#thread ??= new ExplainThread(this.#load, this.#onLost);
      return this.#thread.explain(bytes, answer);
    });
    this.#last = work.catch(() => {}).finally(() => this.#open--);
    return orAborted(work, signal);
  }

  /** Ends the thread when its explanation is finished. */
  async close(): Promise<void> {
    await this.#last;
    await this.#thread?.close();
  }
}

async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let abort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, {once: true});
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', abort!);
  }
}
