import {RiceError} from '../common/errors.ts';
import {workerFile} from '../common/package-root.ts';
import {WorkerLost, WorkerPool} from '../common/worker-pool.ts';
import type {ClassifierOptions} from '../model/classifier.ts';
import type {PictureScan, ScanReply, ScanRequest, ScanWorkerData} from './scan-worker.ts';
import type {ScanOptions} from './scanner.ts';

export type {PictureScan} from './scan-worker.ts';

/** Milliseconds that one step of a scan may take: the most costly pictures within the limits take a few seconds in all. */
const STEP_MS = 60_000;

export interface ScanThreadsOptions {
  threads: number;
  /** Whether other work of this machine goes first. */
  background?: boolean;
  /** Called when a thread has died, and before another takes its place. */
  onLost?: (cause: Error) => void;
}

/**
 * Worker threads that scan pictures, each with a model of its own: a scan keeps a core busy for a second or more, and the
 * thread that asks for it has other things to do. A thread scans one picture at a time.
 */
export class ScanThreads {
  readonly #pool: WorkerPool<ScanRequest, ScanReply>;
  readonly #threads: number;
  /** Settles when all threads have loaded the model. */
  readonly ready: Promise<void>;

  /** @param sha256 of the model that the caller has: another that has taken its place meanwhile is an error */
  constructor(
    sha256: string,
    options: ClassifierOptions,
    {threads, background = false, onLost = () => {}}: ScanThreadsOptions,
  ) {
    const {onWarning: _, ...load} = options;
    const progress = new Int32Array(new SharedArrayBuffer(threads * Int32Array.BYTES_PER_ELEMENT));
    const data: Omit<ScanWorkerData, 'slot'> = {load, sha256, progress, background};
    this.#threads = threads;
    this.#pool = new WorkerPool(workerFile('scanning/scan-worker'), threads, data, {
      stallMs: STEP_MS,
      progress: (slot) => Atomics.load(progress, slot),
      onLost: (_slot, cause) => onLost(cause),
    });
    this.ready = this.#load();
    this.ready.catch(() => {});
  }

  /** Whether a thread has died before any has answered: all further requests fail. */
  get failed(): boolean {
    return this.#pool.failed;
  }

  /**
   * Scans one encoded picture as `Scanner.scan`.
   *
   * @param path how the answer names the picture
   * @param signal once it is aborted, the scan ends with an error before its next step
   * @throws RiceError as `Scanner.scan`; IMAGE_TOO_COSTLY if the picture ended its thread
   */
  async scan(
    bytes: Uint8Array,
    path: string,
    options: Omit<ScanOptions, 'onStep'>,
    signal?: AbortSignal,
  ): Promise<PictureScan> {
    const cancel = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
    const abort = () => Atomics.store(cancel, 0, 1);
    if (signal?.aborted) abort();
    signal?.addEventListener('abort', abort);
    try {
      return (await this.#request({bytes, path, options, cancel})) as PictureScan;
    } catch (error) {
      throw error instanceof WorkerLost ? tooCostly(path, error) : error;
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  /** Frees the models and waits for running scans before the threads end; otherwise onnxruntime aborts the process. */
  async close(): Promise<void> {
    const released = Array.from({length: this.#threads}, () => this.#pool.run({release: true}));
    await Promise.allSettled(released);
    await this.#pool.drain();
    await this.#pool.close();
  }

  async #load(): Promise<void> {
    await Promise.all(Array.from({length: this.#threads}, () => this.#request({load: true})));
  }

  /** @throws RiceError with the error of the thread */
  async #request(request: ScanRequest): Promise<ScanReply> {
    const reply = await this.#pool.run(request);
    if (!('failure' in reply)) return reply;
    const {code, message, suggestions} = reply.failure;
    throw new RiceError(code, message, {suggestions});
  }
}

function tooCostly(path: string, lost: WorkerLost): RiceError {
  const {message} = lost.cause as Error;
  const name = path === '-' ? 'the picture' : `the picture ${path}`;
  return new RiceError('IMAGE_TOO_COSTLY', `${name} ended the thread that scanned it: ${message}`, {cause: lost});
}
