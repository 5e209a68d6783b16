import {Worker} from 'node:worker_threads';
import {workerFile} from '../../src/common/package-root.ts';

export interface ForegroundBatch {
  step: number;
  /** [N, 3, side, side] and [N, 1, side, side]: 1 where a grain is. */
  input: Float32Array;
  target: Float32Array;
}

export interface ForegroundOptions {
  dataset: string;
  /** Pictures of each variety. */
  pictures: number;
  seed: number;
  batchSize: number;
  side: number;
  from: number;
  to: number;
}

/** Batches that are made, but not used yet. */
const AHEAD = 4;

/** Batches of crops in the order of their steps, made by a thread of its own. */
export async function* foregroundBatches(options: ForegroundOptions): AsyncGenerator<ForegroundBatch> {
  const {execArgv} = workerFile('training/worker');
  const worker = new Worker(new URL('./crop-thread.ts', import.meta.url), {execArgv, workerData: options});
  const ready: ForegroundBatch[] = [];
  let wake = () => {};
  let failure: unknown;
  worker.on('message', (batch: ForegroundBatch) => {
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
