import {Worker} from 'node:worker_threads';
import {RiceError} from './errors.ts';
import type {WorkerFile} from './package-root.ts';

interface Task<Reply> {
  request: unknown;
  resolve: (reply: Reply) => void;
  reject: (error: Error) => void;
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

  constructor({file, execArgv}: WorkerFile, threads: number, workerData?: unknown) {
    this.#workers = Array.from({length: threads}, () => new Worker(file, {execArgv, workerData}));
    for (const worker of this.#workers) {
      worker.on('message', (reply: Reply) => this.#finish(worker, reply));
      worker.on('error', (error) => this.#fail(error));
      worker.on('exit', (code) => this.#fail(new Error(`it ended with code ${code}`)));
      this.#idle.push(worker);
    }
  }

  run(request: Request): Promise<Reply> {
    if (this.#failure) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#waiting.push({request, resolve, reject});
      this.#dispatch();
    });
  }

  /** Ends the threads, whatever they are doing. */
  async close(): Promise<void> {
    for (const worker of this.#workers) worker.removeAllListeners('exit');
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #dispatch(): void {
    while (this.#idle.length > 0 && this.#waiting.length > 0) {
      const worker = this.#idle.pop()!;
      const task = this.#waiting.shift()!;
      this.#busy.set(worker, task);
      worker.postMessage(task.request);
    }
  }

  #finish(worker: Worker, reply: Reply): void {
    this.#busy.get(worker)?.resolve(reply);
    this.#busy.delete(worker);
    this.#idle.push(worker);
    this.#dispatch();
  }

  #fail(cause: Error): void {
    this.#failure ??= new RiceError('INTERNAL', `a worker thread failed: ${cause.message}`, {cause});
    for (const task of [...this.#busy.values(), ...this.#waiting]) task.reject(this.#failure);
    this.#busy.clear();
    this.#waiting.length = 0;
  }
}
