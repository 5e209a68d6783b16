import {estimateScan} from '../../scanning/estimate-scan.ts';
import type {PictureScan} from '../../scanning/scan-threads.ts';
import type {ScanOptions} from '../../scanning/scanner.ts';
import {RejectedRequest} from '../rejected-request.ts';

/** What is asked of a scan. */
export interface ScanJob {
  bytes: Uint8Array;
  /** How the answer names the picture. */
  name: string;
  options: Omit<ScanOptions, 'onStep'>;
}

/** Threads that scan, such as `ScanThreads`. */
export interface Scans {
  /** Settled when all threads can answer. */
  readonly ready: Promise<void>;
  /** Whether there are no answers any more. */
  readonly failed: boolean;
  scan(bytes: Uint8Array, name: string, options: ScanJob['options'], signal: AbortSignal): Promise<PictureScan>;
  close(): Promise<void>;
}

export interface ScanQueueLimits {
  threads: number;
  /** Scans that may wait for a thread. */
  waiting: number;
  /** Bytes that scans may take in all threads together. */
  memory: number;
}

export interface ScanEvents {
  /** A scan has ended, with an answer or without. @param seconds since a thread began it */
  onScan(seconds: number, scan: PictureScan | undefined): void;
  /** @param seconds that a scan waited for a thread */
  onWait(seconds: number): void;
}

interface Waiting {
  job: ScanJob;
  bytes: number;
  queued: number;
  signal: AbortSignal;
  resolve(scan: PictureScan): void;
  reject(error: unknown): void;
}

/**
 * Scans that wait for a thread, in the order of their arrival. Their threads are others than those of predictions, so that
 * these never wait for a scan; they are started with the first scan, since many servers are never asked for one.
 */
export class ScanQueue {
  readonly #start: () => Scans;
  readonly #limits: ScanQueueLimits;
  readonly #events: ScanEvents;
  #scans: Scans | undefined;
  #waiting: Waiting[] = [];
  /** Of the scans in progress. */
  #running = 0;
  #bytes = 0;

  constructor(start: () => Scans, limits: ScanQueueLimits, events: ScanEvents) {
    this.#start = start;
    this.#limits = limits;
    this.#events = events;
  }

  /** Number of waiting scans. */
  get depth(): number {
    return this.#waiting.length;
  }

  /**
   * Scans a picture.
   *
   * @param signal if aborted, its reason is thrown; a scan that waits is dropped, and one in progress ends with its step
   * @throws RejectedRequest SERVER_BUSY if too many wait already; RiceError as `ScanThreads.scan`
   */
  async scan(job: ScanJob, signal: AbortSignal): Promise<PictureScan> {
    signal.throwIfAborted();
    const {threads, waiting} = this.#limits;
    if (this.#running + this.#waiting.length >= threads + waiting)
      throw new RejectedRequest('queue', 'SERVER_BUSY', 'too many pictures wait to be scanned');
    return new Promise((resolve, reject) => {
      const entry = {job, bytes: estimateScan(job.bytes), queued: performance.now(), signal, resolve, reject};
      const abort = () => {
        this.#waiting = this.#waiting.filter((other) => other !== entry);
        reject(signal.reason);
        this.#dispatch();
      };
      signal.addEventListener('abort', abort, {once: true});
      this.#waiting.push(entry);
      this.#dispatch();
    });
  }

  /** Ends the threads when their scans are finished. */
  async close(): Promise<void> {
    await this.#scans?.close();
  }

  #dispatch(): void {
    while (this.#waiting.length > 0 && this.#running < this.#limits.threads && this.#fits(this.#waiting[0].bytes))
      void this.#work(this.#waiting.shift()!);
  }

  /** What takes more memory than there is at all is scanned alone. */
  #fits(bytes: number): boolean {
    return this.#bytes === 0 || this.#bytes + bytes <= this.#limits.memory;
  }

  async #work({job, bytes, queued, signal, resolve, reject}: Waiting): Promise<void> {
    this.#running++;
    this.#bytes += bytes;
    const started = performance.now();
    this.#events.onWait((started - queued) / 1000);
    let scan: PictureScan | undefined;
    try {
      const scans = await this.#ready();
      signal.throwIfAborted();
      scan = await scans.scan(job.bytes, job.name, job.options, signal);
      resolve(scan);
    } catch (error) {
      reject(error);
    } finally {
      this.#running--;
      this.#bytes -= bytes;
      this.#events.onScan((performance.now() - started) / 1000, scan);
      this.#dispatch();
    }
  }

  /** The threads, once they have loaded the model; others if these are gone or could not. */
  async #ready(): Promise<Scans> {
    if (this.#scans?.failed) await this.#dropThreads(this.#scans);
    this.#scans ??= this.#start();
    const scans = this.#scans;
    try {
      await scans.ready;
    } catch (error) {
      await this.#dropThreads(scans);
      throw error;
    }
    return scans;
  }

  async #dropThreads(scans: Scans): Promise<void> {
    if (this.#scans === scans) this.#scans = undefined;
    await scans.close();
  }
}
