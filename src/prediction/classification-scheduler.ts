import {RiceError} from '../common/errors.ts';
import type {ClassifierOptions} from '../model/classifier.ts';
import type {ClassifierLike as FullClassifier} from '../model/lazy-classifier.ts';
import type {Answer} from './answer-batch.ts';
import {ClassifierThreads} from './classifier-threads.ts';
import type {Picture} from './picture.ts';
import {type Content, classifyContents} from './read-pictures.ts';

/** The required part of a classifier. */
export type ClassifierLike = Pick<FullClassifier, 'model' | 'device' | 'classify'> &
  Partial<Pick<FullClassifier, 'mayLoop'>>;

/** The number of pictures from which worker threads pay off: fewer are done before the threads are ready. */
export const MIN_PICTURES_FOR_THREADS = 250;

/** Batches in flight per thread: one being processed, one queued, and one that waits for an earlier result. */
const BATCHES_PER_THREAD = 3;

/** Classifies few pictures in this thread, and many in worker threads. */
export class ClassificationScheduler {
  readonly #classifier: ClassifierLike;
  readonly #load: ClassifierOptions;
  readonly #threadCount: number;
  readonly #signal: AbortSignal | undefined;
  #threads: ClassifierThreads | undefined;
  #submitted = 0;
  #local: Promise<unknown> = Promise.resolve();

  constructor(classifier: ClassifierLike, load: ClassifierOptions, threads: number, signal: AbortSignal | undefined) {
    this.#signal = signal;
    this.#classifier = classifier;
    this.#load = load;
    // All threads would share a GPU, so they would only queue for it.
    this.#threadCount = classifier.device === 'cpu' ? threads : classifier.mayLoop ? 1 : 0;
  }

  /** The number of batches that may be in flight. */
  get capacity(): number {
    return this.#threads ? this.#threadCount * BATCHES_PER_THREAD : 2;
  }

  /** Starts the threads if there are enough pictures. @param waiting the number of pictures in the queue */
  expect(waiting: number): void {
    // While the main thread computes, it cannot be stopped.
    const enough = this.#classifier.mayLoop ? 1 : MIN_PICTURES_FOR_THREADS;
    if (this.#threads || this.#threadCount === 0 || this.#submitted + waiting < enough) return;
    this.#threads = new ClassifierThreads(this.#classifier, this.#load, this.#threadCount);
  }

  async classify(pictures: Picture[]): Promise<(Answer | undefined)[]> {
    const threads = this.#threads;
    this.#submitted += pictures.length;
    const contents = await Promise.all(pictures.map((picture) => readContent(picture, this.#signal)));
    const usable = contents.filter((content) => content !== undefined && !content.failure) as Content[];
    const answers = usable.length > 0 ? await this.#compute(usable, threads) : [];
    let next = 0;
    return contents.map((content) => content && (content.failure ?? answers[next++]));
  }

  async #compute(contents: Content[], threads: ClassifierThreads | undefined): Promise<Answer[]> {
    if (threads) {
      await threads.ready;
      return threads.classify(contents);
    }
    // One batch at a time: two at once would only take more memory.
    const answers = this.#local.then(() => classifyContents(contents, (images) => this.#classifier.classify(images)));
    this.#local = answers.catch(() => {});
    return answers;
  }

  async close(): Promise<void> {
    await this.#threads?.ready.catch(() => {});
    await this.#threads?.close();
  }
}

/**
 * Reads content that only this thread can read; files are read by the thread that classifies them.
 *
 * @returns undefined for content that had not arrived when the signal was aborted
 */
async function readContent(
  {path, read, failure}: Picture,
  signal: AbortSignal | undefined,
): Promise<Content | undefined> {
  if (failure || !read) return {path, ...(failure ? {failure} : {})};
  try {
    return {path, bytes: await read(signal)};
  } catch (error) {
    if (signal?.aborted) return undefined;
    if (error instanceof RiceError) return {path, failure: error};
    throw error;
  }
}
