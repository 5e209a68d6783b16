import {setTimeout} from 'node:timers/promises';
import {Worker} from 'node:worker_threads';
import {RiceError} from './errors.ts';
import {forbidTelemetry} from './forbid-telemetry.ts';
import type {WorkerFile} from './package-root.ts';
import {endThread, REST_MS} from './thread.ts';

interface Task<Reply> {
  request: unknown;
  /** What is handed over without being copied. */
  transfer: ArrayBuffer[];
  /** When its thread was last seen to get on, and by what number. */
  moved: number;
  progress?: number;
  resolve: (reply: Reply) => void;
  reject: (error: Error) => void;
}

/** All open pools, to drain before the process ends. */
const pools = new Set<{busy: boolean; drain(): Promise<void>}>();

export function anyThreadBusy(): boolean {
  return [...pools].some(({busy}) => busy);
}

export function anyThreadOpen(): boolean {
  return pools.size > 0;
}

/**
 * Starts no further tasks in any pool, waits for the running ones and lets the threads rest: a process that exits while a
 * thread is in native code, or while something is compiled for it, is aborted.
 */
export async function drainThreads(): Promise<void> {
  await Promise.all([...pools].map((pool) => pool.drain()));
  await setTimeout(REST_MS);
}

/** A request whose thread died, while the others go on. */
export class WorkerLost extends RiceError {
  constructor(cause: Error) {
    super('INTERNAL', `a worker thread failed: ${cause.message}`, {cause});
  }
}

/** How dead threads are replaced. Each thread gets the number of its place as `slot` in its `workerData`, an object. */
export interface Replacement {
  /** A thread whose progress stays the same for this many milliseconds, while it has a task, is ended. */
  stallMs: number;
  /** Any number that changes while the thread of a slot gets on. */
  progress(slot: number): number;
  /** Called when the thread of a slot has died, before another takes its place. */
  onLost(slot: number, cause: Error): void;
}

const WATCH_MS = 250;

/**
 * Worker threads that reply to each message with one message. Requests wait until a thread is free. If a thread dies, all
 * open requests fail; with a `Replacement`, only its own does, unless it never replied to any.
 */
export class WorkerPool<Request, Reply> {
  readonly #file: WorkerFile;
  readonly #workerData: unknown;
  readonly #replacement: Replacement | undefined;
  readonly #idle: Worker[] = [];
  readonly #busy = new Map<Worker, Task<Reply>>();
  readonly #waiting: Task<Reply>[] = [];
  /** By slot. */
  readonly #workers: Worker[];
  readonly #watch: NodeJS.Timeout | undefined;
  /** Whether any thread has replied: what they are made of works. */
  #proven = false;
  #failure: Error | undefined;
  #draining = false;
  #onDrained: () => void = () => {};

  constructor(file: WorkerFile, threads: number, workerData?: unknown, replacement?: Replacement) {
    forbidTelemetry();
    this.#file = file;
    this.#workerData = workerData;
    this.#replacement = replacement;
    this.#workers = Array.from({length: threads}, (_, slot) => this.#start(slot));
    if (replacement) this.#watch = setInterval(() => this.#endStalled(replacement), WATCH_MS).unref();
    pools.add(this);
  }

  /** @param transfer buffers in the request that are handed over instead of copied */
  run(request: Request, transfer: ArrayBuffer[] = []): Promise<Reply> {
    if (this.#failure) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#waiting.push({request, transfer, moved: 0, resolve, reject});
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

  /** Ends the threads after their running tasks, once they have rested. */
  async close(): Promise<void> {
    await this.drain();
    clearInterval(this.#watch);
    for (const worker of this.#workers) worker.removeAllListeners('exit');
    await Promise.all(this.#workers.map(endThread));
    pools.delete(this);
  }

  #dispatch(): void {
    while (!this.#draining && this.#idle.length > 0 && this.#waiting.length > 0) {
      const worker = this.#idle.pop()!;
      const task = this.#waiting.shift()!;
      this.#busy.set(worker, task);
      task.moved = performance.now();
      worker.postMessage(task.request, task.transfer);
    }
  }

  #finish(worker: Worker, reply: Reply): void {
    this.#proven = true;
    this.#busy.get(worker)?.resolve(reply);
    this.#free(worker);
    this.#idle.push(worker);
    this.#dispatch();
  }

  #start(slot: number): Worker {
    const {file, execArgv} = this.#file;
    const workerData = this.#replacement ? {...(this.#workerData as object), slot} : this.#workerData;
    const worker = new Worker(file, {execArgv, workerData});
    worker.on('message', (reply: Reply) => this.#finish(worker, reply));
    worker.on('error', (error) => this.#lose(worker, error));
    worker.on('exit', (code) => this.#lose(worker, new Error(`it ended with code ${code}`)));
    this.#idle.push(worker);
    return worker;
  }

  #lose(worker: Worker, cause: Error): void {
    // If none has ever replied, others would die in the same way.
    if (!this.#replacement || !this.#proven || this.#failure) {
      this.#fail(worker, cause);
      return;
    }
    worker.removeAllListeners();
    // What is still to come of the same death is no news.
    worker.on('error', () => {});
    const slot = this.#workers.indexOf(worker);
    const task = this.#busy.get(worker);
    if (this.#idle.includes(worker)) this.#idle.splice(this.#idle.indexOf(worker), 1);
    this.#replacement.onLost(slot, cause);
    if (!this.#draining) this.#workers[slot] = this.#start(slot);
    task?.reject(new WorkerLost(cause));
    this.#free(worker);
    this.#dispatch();
  }

  #endStalled({stallMs, progress}: Replacement): void {
    for (const [worker, task] of [...this.#busy]) {
      const value = progress(this.#workers.indexOf(worker));
      if (value !== task.progress) Object.assign(task, {progress: value, moved: performance.now()});
      if (performance.now() - task.moved < stallMs || !this.#proven) continue;
      this.#lose(worker, new Error(`it took longer than ${stallMs / 1000} s`));
      void worker.terminate();
    }
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
