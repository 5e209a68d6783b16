import {Worker} from 'node:worker_threads';
import {RiceError} from './errors.ts';
import {forbidTelemetry} from './forbid-telemetry.ts';
import type {WorkerFile} from './package-root.ts';

interface Task<Reply> {
  request: unknown;
  resolve: (reply: Reply) => void;
  reject: (error: Error) => void;
}

/** All open pools, to drain before the process ends. */
const pools = new Set<{busy: boolean; drain(): Promise<void>}>();

export function anyThreadBusy(): boolean {
  return [...pools].some(({busy}) => busy);
}

/**
 * Starts no further tasks in any pool, and waits for the running ones: a process that exits while a thread is in native
 * code is aborted.
 */
export async function drainThreads(): Promise<void> {
  await Promise.all([...pools].map((pool) => pool.drain()));
}

/**
 * Worker threads that reply to each message with one message. Requests wait until a thread is free. If a thread dies, all
 * open requests fail.
 */
export class WorkerPool<Request, Reply> {
  readonly #idle: Worker[] = [];
  readonly #busy = new Map<Worker, Task<Reply>>();
  readonly #waiting: Task<Reply>[] = [];
  readonly #workers: Worker[];
  #failure: Error | undefined;
  #draining = false;
  #onDrained: () => void = () => {};

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

  /** Whether a thread has died: all further requests fail. */
  get failed(): boolean {
    return this.#failure !== undefined;
  }

  get busy(): boolean {
    return this.#busy.size > 0;
  }

  /** Starts no further tasks, and resolves when the running ones are done. Waiting requests stay pending. */
  async drain(): Promise<void> {
    this.#draining = true;
    if (this.#busy.size === 0) return;
    await new Promise<void>((resolve) => {
      const previous = this.#onDrained;
      this.#onDrained = () => {
        previous();
        resolve();
      };
    });
  }

  /** Ends the threads after their running tasks: ending one in native code would abort the process. */
  async close(): Promise<void> {
    await this.drain();
    pools.delete(this);
    for (const worker of this.#workers) worker.removeAllListeners('exit');
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #dispatch(): void {
    while (!this.#draining && this.#idle.length > 0 && this.#waiting.length > 0) {
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

  /** Rejects all requests. The other threads finish their tasks, but the replies are ignored. */
  #fail(worker: Worker, cause: Error): void {
    this.#failure ??= new RiceError('INTERNAL', `a worker thread failed: ${cause.message}`, {cause});
    for (const task of [...this.#busy.values(), ...this.#waiting]) task.reject(this.#failure);
    this.#waiting.length = 0;
    this.#free(worker);
  }

  #free(worker: Worker): void {
    this.#busy.delete(worker);
    if (this.#busy.size === 0) this.#onDrained();
  }
}
