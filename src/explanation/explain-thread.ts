import {RiceError} from '../common/errors.ts';
import {workerFile} from '../common/package-root.ts';
import {WorkerLost, WorkerPool} from '../common/worker-pool.ts';
import type {ExplainReply, ExplainRequest, ExplainWorkerData, PictureExplanation} from './explain-worker.ts';
import type {ExplainerOptions} from './explainer.ts';
import type {ShownAnswer} from './picture/draw-explanation.ts';

export type {PictureExplanation} from './explain-worker.ts';

/** Milliseconds that one step of an explanation may take. */
const STEP_MS = 60_000;

/** A thread that explains pictures, one at a time, with a model of its own. */
export class ExplainThread {
  readonly #pool: WorkerPool<ExplainRequest, ExplainReply>;

  /** @param onLost called when the thread has died, and before another takes its place */
  constructor(load: ExplainerOptions, onLost: (cause: Error) => void = () => {}) {
    const progress = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
    const data: Omit<ExplainWorkerData, 'slot'> = {load, progress};
    this.#pool = new WorkerPool(workerFile('explanation/explain-worker'), 1, data, {
      stallMs: STEP_MS,
      progress: (slot) => Atomics.load(progress, slot),
      onLost: (_slot, cause) => onLost(cause),
    });
  }

  /** Whether it has died before it ever answered: all further requests fail. */
  get failed(): boolean {
    return this.#pool.failed;
  }

  /**
   * Explains one encoded picture.
   *
   * @throws RiceError as `Explainer.explain`; IMAGE_TOO_COSTLY if the picture ended the thread
   */
  async explain(bytes: Uint8Array, answer: ShownAnswer): Promise<PictureExplanation> {
    try {
      return (await this.#request({bytes, answer})) as PictureExplanation;
    } catch (error) {
      if (!(error instanceof WorkerLost)) throw error;
      const {message} = error.cause as Error;
      throw new RiceError('IMAGE_TOO_COSTLY', `the picture ended the thread that explained it: ${message}`, {
        cause: error,
      });
    }
  }

  /** Frees the model and waits for a running explanation before the thread ends. */
  async close(): Promise<void> {
    await this.#pool.run({release: true}).catch(() => {});
    await this.#pool.drain();
    await this.#pool.close();
  }

  /** @throws RiceError with the error of the thread */
  async #request(request: ExplainRequest): Promise<ExplainReply> {
    const reply = await this.#pool.run(request);
    if (!('failure' in reply)) return reply;
    const {code, message, suggestions} = reply.failure;
    throw new RiceError(code, message, {suggestions});
  }
}
