import {RiceError} from '../common/errors.ts';
import type {ClassifierOptions} from '../model/classifier.ts';
import type {ClassifierLike as FullClassifier} from '../model/lazy-classifier.ts';
import type {Answer} from './answer-batch.ts';
import {ClassifierThreads} from './classifier-threads.ts';
import type {Picture} from './picture.ts';
import {type Content, classifyContents} from './read-pictures.ts';

/** What is needed of a classifier. */
export type ClassifierLike = Pick<FullClassifier, 'model' | 'device' | 'classify'>;

/** From so many pictures on, starting threads pays: fewer are done before the threads are ready. */
export const WORTH_THREADS = 250;

/** Batches under way for each thread: one in work, one waiting for it, one done and waiting for an earlier one. */
const BATCHES_PER_THREAD = 3;

/** Computes in this thread while there is little to do, and in worker threads from the moment that there is much. */
export class ClassificationScheduler {
  readonly #classifier: ClassifierLike;
  readonly #load: ClassifierOptions;
  readonly #wanted: number;
  readonly #signal: AbortSignal | undefined;
  #threads: ClassifierThreads | undefined;
  #given = 0;
  #local: Promise<unknown> = Promise.resolve();

  constructor(classifier: ClassifierLike, load: ClassifierOptions, threads: number, signal: AbortSignal | undefined) {
    this.#signal = signal;
    this.#classifier = classifier;
    this.#load = load;
    // Another device is one for all: threads would only queue for it.
    this.#wanted = classifier.device === 'cpu' ? threads : 0;
  }

  /** Batches that may be under way. */
  get capacity(): number {
    return this.#threads ? this.#wanted * BATCHES_PER_THREAD : 2;
  }

  /** Tells how many pictures are known to wait. */
  expect(waiting: number): void {
    if (this.#threads || this.#wanted === 0 || this.#given + waiting < WORTH_THREADS) return;
    this.#threads = new ClassifierThreads(this.#classifier, this.#load, this.#wanted);
  }

  async classify(pictures: Picture[]): Promise<(Answer | undefined)[]> {
    const threads = this.#threads;
    this.#given += pictures.length;
    const contents = await Promise.all(pictures.map((picture) => fetched(picture, this.#signal)));
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
    // One after the other: two at once would only take memory.
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
 * What only this thread can read is read here; files are left to whoever computes.
 *
 * @returns undefined for what had not arrived when the signal came
 */
async function fetched({path, read, failure}: Picture, signal: AbortSignal | undefined): Promise<Content | undefined> {
  if (failure || !read) return {path, ...(failure ? {failure} : {})};
  try {
    return {path, bytes: await read(signal)};
  } catch (error) {
    if (signal?.aborted) return undefined;
    if (error instanceof RiceError) return {path, failure: error};
    throw error;
  }
}
