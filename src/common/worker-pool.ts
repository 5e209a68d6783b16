import {Worker} from 'node:worker_threads';
import {RiceError} from './errors.ts';
import {forbidTelemetry} from './forbid-telemetry.ts';
import type {WorkerFile} from './package-root.ts';

interface Task<Reply> {
  request: unknown;
  resolve: (reply: Reply) => void;
  reject: (error: Error) => void;
}

/** What can be asked to come to rest before the process ends. */
const pools = new Set<{busy: boolean; rest(): Promise<void>}>();

export function anyThreadBusy(): boolean {
  return [...pools].some(({busy}) => busy);
}

/**
 * Gives no thread anything new to do, and waits until each has done what it has begun: a process that exits while one of
 * its threads is in native code is aborted by that code.
 */
export async function restThreads(): Promise<void> {
  await Promise.all([...pools].map((pool) => pool.rest()));
}

/**
 * Worker threads that answer one message each time with one message. Requests wait until a thread is free. When a thread
 * dies, all open requests fail.
 */
export class WorkerPool<Request, Reply> {
  readonly #idle: Worker[] = [];
  readonly #busy = new Map<Worker, Task<Reply>>();
  readonly #waiting: Task<Reply>[] = [];
  readonly #workers: Worker[];
  #failure: Error | undefined;
  #resting = false;
  #rested: () => void = () => {};

  constructor({file, execArgv}: WorkerFile, threads: number, workerData?: unknown) {
    forbidTelemetry();
    this.#workers = Array.from({length: threads}, () => new Worker(file, {execArgv, workerData}));
    for (const worker of this.#workers) {
      worker.on('message', (reply: Reply) => this.#finish(worker, reply));
      worker.on('error', (error) => this.#fail(worker, error));
      worker.on('exit', (code) => this.#fail(worker, new Error(`it ended with code ${code}`)));
      this.#idle.push(worker);
    }
    pools.add(this);
  }

  run(request: Request): Promise<Reply> {
    if (this.#failure) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#waiting.push({request, resolve, reject});
      this.#dispatch();
    });
  }

  /** Whether a thread has died: nothing is answered any more. */
  get failed(): boolean {
    return this.#failure !== undefined;
  }

  get busy(): boolean {
    return this.#busy.size > 0;
  }

  /** Begins nothing any more; what waits is left waiting. @returns when each thread has done what it had begun */
  async rest(): Promise<void> {
    this.#resting = true;
    if (this.#busy.size === 0) return;
    await new Promise<void>((resolve) => {
      const before = this.#rested;
      this.#rested = () => {
        before();
        resolve();
      };
    });
  }

  /** Ends the threads once each has done what it had begun: ending one in native code would abort the process. */
  async close(): Promise<void> {
    await this.rest();
    pools.delete(this);
    for (const worker of this.#workers) worker.removeAllListeners('exit');
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #dispatch(): void {
    while (!this.#resting && this.#idle.length > 0 && this.#waiting.length > 0) {
      const worker = this.#idle.pop()!;
      const task = this.#waiting.shift()!;
      this.#busy.set(worker, task);
      worker.postMessage(task.request);
    }
  }

  #finish(worker: Worker, reply: Reply): void {
    this.#busy.get(worker)?.resolve(reply);
    this.#free(worker);
    this.#idle.push(worker);
    this.#dispatch();
  }

  /** The other threads go on with what they are doing, but nobody waits for it any more. */
  #fail(worker: Worker, cause: Error): void {
    this.#failure ??= new RiceError('INTERNAL', `a worker thread failed: ${cause.message}`, {cause});
    for (const task of [...this.#busy.values(), ...this.#waiting]) task.reject(this.#failure);
    this.#waiting.length = 0;
    this.#free(worker);
  }

  #free(worker: Worker): void {
    this.#busy.delete(worker);
    if (this.#busy.size === 0) this.#rested();
  }
}
