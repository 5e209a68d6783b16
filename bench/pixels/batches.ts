import {Worker} from 'node:worker_threads';
import {workerFile} from '../../src/common/package-root.ts';

/** What one step of training learns from: see `buildPixelStep`. */
export interface PixelBatch {
  step: number;
  input: Float32Array;
  target: Float32Array;
  /** Weights of each target as a number and as a yes or no; where they are left out, all are answers that count alike. */
  numbers?: Float32Array;
  answers?: Float32Array;
}

export interface BatchOptions {
  /** Of the dataset. */
  dataset?: string;
  /** Pictures of each variety. */
  pictures: number;
  seed: number;
  batchSize: number;
  /** Of a crop in pixels. */
  side: number;
  from: number;
  to: number;
}

/** Batches that are made, but not used yet. */
const AHEAD = 4;

/**
 * Batches of crops in the order of their steps, made by a thread of its own. Whether a run that goes on is given the same as one that
 * was never stopped is up to the thread: that of the separation makes its earlier crops again, that of the foreground does not.
 *
 * @param thread a script that answers each message with the next batch
 */
export async function* threadBatches<Batch extends PixelBatch>(
  thread: URL,
  options: BatchOptions,
): AsyncGenerator<Batch> {
  const {execArgv} = workerFile('training/worker');
  const worker = new Worker(thread, {execArgv, workerData: options});
  const ready: Batch[] = [];
  let wake = () => {};
  let failure: unknown;
  worker.on('message', (batch: Batch) => {
    ready.push(batch);
    wake();
  });
  worker.on('error', (error) => {
    failure = error;
    wake();
  });
  try {
    for (let i = 0; i < AHEAD; i++) worker.postMessage('next');
    for (let step = options.from; step < options.to; step++) {
      while (ready.length === 0) {
        if (failure) throw failure;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      worker.postMessage('next');
      yield ready.shift()!;
    }
  } finally {
    await worker.terminate();
  }
}
