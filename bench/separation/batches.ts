import {Worker} from 'node:worker_threads';
import {workerFile} from '../../src/common/package-root.ts';
import type {Targets} from './targets.ts';

export interface CropBatch extends Targets {
  step: number;
  input: Float32Array;
}

export interface BatchOptions {
  /** Of the dataset; without it, all grains are drawn. */
  dataset?: string;
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

/**
 * Batches of crops in the order of their steps, made by a thread of its own. What a step is given follows from the
 * seed and the step alone, also where a run goes on.
 */
export async function* cropBatches(options: BatchOptions): AsyncGenerator<CropBatch> {
  const {execArgv} = workerFile('training/worker');
  const worker = new Worker(new URL('./batch-thread.ts', import.meta.url), {execArgv, workerData: options});
  const ready: CropBatch[] = [];
  let wake = () => {};
  let failure: unknown;
  worker.on('message', (batch: CropBatch) => {
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
