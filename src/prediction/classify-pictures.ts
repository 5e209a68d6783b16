import {availableParallelism} from 'node:os';
import {RiceError} from '../errors.ts';
import type {ClassifierOptions} from '../model/classifier.ts';
import type {ClassifierLike as FullClassifier} from '../model/lazy-classifier.ts';
import type {Answer} from './answer-batch.ts';
import {ClassifierThreads} from './classifier-threads.ts';
import type {Picture, PictureSource} from './picture.ts';
import {type Content, classifyContents} from './read-pictures.ts';

export interface ClassifyOptions {
  /** What the classifier was loaded with; the threads load their own the same way. */
  load: ClassifierOptions;
  /** Pictures that go through the network at once; 32 when left out. */
  batchSize?: number;
  /** Worker threads; one per core when left out. */
  threads?: number;
  signal?: AbortSignal;
}

export interface Classified {
  picture: Picture;
  answer: Answer;
}

export const DEFAULT_BATCH = 32;

/** What is needed of a classifier. */
type ClassifierLike = Pick<FullClassifier, 'model' | 'device' | 'classify'>;

/** From so many pictures on, starting threads pays: fewer are done before the threads are ready. */
const WORTH_THREADS = 250;

/** Batches under way for each thread: one in work, one waiting for it, one done and waiting for an earlier one. */
const BATCHES_PER_THREAD = 3;

/** A batch that was handed out. */
interface Pending {
  pictures: Picture[];
  answers: Promise<Answer[]>;
  settled: boolean;
}

/**
 * Classifies pictures and yields the answers in the pictures' order, batch by batch, each as soon as it is there. A
 * picture that cannot be read or decoded is an error in its place. A few batches are in memory at a time, however many
 * pictures there are. What is at hand is computed without waiting for a batch to fill, so a source that trickles is
 * answered at once. An aborted signal ends the reading of the source; what was begun is still answered.
 *
 * Few pictures are computed in this thread; many in worker threads, each with a classifier of its own.
 *
 * @throws what the source throws; what the classifier throws; RiceError INTERNAL when a thread dies
 */
export async function* classifyPictures(
  classifier: ClassifierLike,
  source: PictureSource,
  {load, batchSize = DEFAULT_BATCH, threads = availableParallelism(), signal}: ClassifyOptions,
): AsyncGenerator<Classified[]> {
  const crew = new Crew(classifier, load, threads);
  const portions = source[Symbol.asyncIterator]();
  const queue: Picture[] = [];
  const pending: Pending[] = [];
  let reading: Promise<void> | undefined;
  let ended = false;
  const read = async () => {
    const {done, value} = await portions.next();
    if (done) ended = true;
    else for (const picture of value) queue.push(picture);
  };
  try {
    for (;;) {
      if (signal?.aborted) {
        ended = true;
        queue.length = 0;
      }
      if (!ended && queue.length < WORTH_THREADS) {
        reading ??= read().finally(() => {
          reading = undefined;
        });
        // A failure surfaces where the promise is awaited.
        reading.catch(() => {});
      }
      crew.expect(queue.length);
      while (queue.length > 0 && pending.length < crew.capacity)
        pending.push(handOut(crew, queue.splice(0, batchSize)));
      const oldest = pending[0];
      if (oldest === undefined) {
        if (ended) return;
        await reading;
      } else if (oldest.settled || reading === undefined || pending.length >= crew.capacity) {
        const answers = await oldest.answers;
        pending.shift();
        yield oldest.pictures.map((picture, i) => ({picture, answer: answers[i]}));
      } else await Promise.race([reading, oldest.answers]);
    }
  } finally {
    await Promise.allSettled(pending.map(({answers}) => answers));
    await crew.close();
    // A source that waits for more (a pipe) cannot be asked to end; the process will.
    if (!reading) await portions.return?.();
  }
}

function handOut(crew: Crew, pictures: Picture[]): Pending {
  const batch: Pending = {pictures, answers: crew.classify(pictures), settled: false};
  const settle = () => {
    batch.settled = true;
  };
  batch.answers.then(settle, settle);
  return batch;
}

/** Who computes: this thread where there is little to do, worker threads from then on that there is much. */
class Crew {
  readonly #classifier: ClassifierLike;
  readonly #load: ClassifierOptions;
  readonly #wanted: number;
  #threads: ClassifierThreads | undefined;
  #given = 0;
  #local: Promise<unknown> = Promise.resolve();

  constructor(classifier: ClassifierLike, load: ClassifierOptions, threads: number) {
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

  async classify(pictures: Picture[]): Promise<Answer[]> {
    const threads = this.#threads;
    this.#given += pictures.length;
    const contents = await Promise.all(pictures.map(fetched));
    if (!threads) return this.#classifyHere(contents);
    await threads.ready;
    if (!contents.some(({failure}) => failure)) return threads.classify(contents);
    const good = await threads.classify(contents.filter(({failure}) => !failure));
    let next = 0;
    return contents.map(({failure}) => failure ?? good[next++]);
  }

  async close(): Promise<void> {
    await this.#threads?.close();
  }

  /** One batch after the other: two at once would only take memory. */
  #classifyHere(contents: Content[]): Promise<Answer[]> {
    const answers = this.#local.then(() => classifyContents(contents, (images) => this.#classifier.classify(images)));
    this.#local = answers.catch(() => {});
    return answers;
  }
}

/** What only this thread can read is read here; files are left to whoever computes. */
async function fetched({path, read, failure}: Picture): Promise<Content> {
  if (failure || !read) return {path, ...(failure ? {failure} : {})};
  try {
    return {path, bytes: await read()};
  } catch (error) {
    if (error instanceof RiceError) return {path, failure: error};
    throw error;
  }
}
