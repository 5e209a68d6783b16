import type {Answer} from '../../../src/prediction/answer-batch.ts';
import type {Threads} from '../../../src/server/work/worker-supervisor.ts';

/** A batch of a thread, to be answered by the test. */
export interface FakeBatch {
  inputs: Uint8Array[];
  answer(): void;
  fail(error: Error): void;
}

/** Threads that answer each input with a prediction whose label is its first byte. */
export class FakeThreads implements Threads {
  ready = Promise.resolve();
  failed = false;
  closed = false;
  readonly batches: FakeBatch[] = [];

  classify(contents: {bytes: Uint8Array}[]): Promise<Answer[]> {
    const inputs = contents.map(({bytes}) => bytes);
    // Warm-up images are answered at once.
    if (inputs[0] === WARM_UP) return Promise.resolve(inputs.map(answerTo));
    return new Promise((resolve, reject) => {
      this.batches.push({inputs, answer: () => resolve(inputs.map(answerTo)), fail: reject});
    });
  }

  classifyWindows(windows: Uint8Array[]): Promise<Answer[]> {
    return this.classify(windows.map((bytes) => ({bytes})));
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}

export const WARM_UP = Uint8Array.of(255);

export function answerTo(input: Uint8Array): Answer {
  return {label: `${input[0]}`, confidence: 1, known: true, probabilities: {}};
}
