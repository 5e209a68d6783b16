import {availableParallelism} from 'node:os';
import {RiceError} from '../common/errors.ts';
import type {ClassifierOptions} from '../model/classifier.ts';
import type {ClassifierLike as FullClassifier} from '../model/lazy-classifier.ts';
import type {Answer} from './answer-batch.ts';
import {Bell} from './bell.ts';
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
  /** Undefined in the place of a picture that was still on its way when everything was stopped. */
  answers: Promise<(Answer | undefined)[]>;
  settled: boolean;
}

/**
 * Classifies pictures and yields the answers in the pictures' order, batch by batch, each as soon as it is there. A
 * picture that cannot be read or decoded is an error in its place. A few batches are in memory at a time, however many
 * pictures there are. What is at hand is computed without waiting for a batch to fill, so a source that trickles is
 * answered at once. An aborted signal ends the reading of the source; what was begun is still answered, but for what has
 * yet to arrive.
 *
 * Few pictures are computed in this thread; many in worker threads, each with a classifier of its own.
 *
 * @throws what the source throws, once all pictures before are answered; what the model throws; RiceError INTERNAL when
 *   a thread dies
 */
export async function* classifyPictures(
  classifier: ClassifierLike,
  source: PictureSource,
  {load, batchSize = DEFAULT_BATCH, threads = availableParallelism(), signal}: ClassifyOptions,
): AsyncGenerator<Classified[]> {
  const crew = new Crew(classifier, load, threads, signal);
  const intake = new Intake(source, signal);
  const pending: Pending[] = [];
  try {
    for (;;) {
      intake.read();
      const {queue, bell} = intake;
      crew.expect(queue.length);
      while (queue.length > 0 && pending.length < crew.capacity)
        pending.push(handOut(crew, queue.splice(0, batchSize), bell));
      if (pending[0]?.settled) {
        const {pictures, answers} = pending.shift()!;
        const classified = inPlace(pictures, await answers);
        if (classified.length > 0) yield classified;
      } else if (pending.length > 0 || !intake.ended) await bell.heard();
      else if (intake.failure) throw intake.failure.error;
      else return;
    }
  } finally {
    await Promise.allSettled(pending.map(({answers}) => answers));
    await crew.close();
    await intake.close();
  }
}

function inPlace(pictures: Picture[], answers: (Answer | undefined)[]): Classified[] {
  return pictures.flatMap((picture, i) => {
    const answer = answers[i];
    return answer === undefined ? [] : [{picture, answer}];
  });
}

function handOut(crew: Crew, pictures: Picture[], bell: Bell): Pending {
  const batch: Pending = {pictures, answers: crew.classify(pictures), settled: false};
  const settle = () => {
    batch.settled = true;
    bell.ring();
  };
  batch.answers.then(settle, settle);
  return batch;
}

/** Reads the source a little ahead of what is computed. */
class Intake {
  readonly queue: Picture[] = [];
  /** Rings when there is something new, and may be rung for other news. */
  readonly bell = new Bell();
  ended = false;
  /** What the source threw. */
  failure: {error: unknown} | undefined;
  readonly #portions: AsyncIterator<Picture[]>;
  readonly #signal: AbortSignal | undefined;
  #reading = false;

  constructor(source: PictureSource, signal: AbortSignal | undefined) {
    this.#portions = source[Symbol.asyncIterator]();
    this.#signal = signal;
    signal?.addEventListener('abort', this.#stop);
    if (signal?.aborted) this.#stop();
  }

  /** Has more read unless that is going on, or enough is there. */
  read(): void {
    if (this.ended || this.#reading || this.queue.length >= WORTH_THREADS) return;
    this.#reading = true;
    void this.#next().finally(() => {
      this.#reading = false;
      this.bell.ring();
    });
  }

  async close(): Promise<void> {
    this.#signal?.removeEventListener('abort', this.#stop);
    // A source that waits for more (a pipe) cannot be asked to end.
    if (!this.#reading) await this.#portions.return?.();
  }

  async #next(): Promise<void> {
    try {
      const {done, value} = await this.#portions.next();
      if (done) this.ended = true;
      else if (!this.ended) for (const picture of value) this.queue.push(picture);
    } catch (error) {
      if (!this.ended) this.failure = {error};
      this.ended = true;
    }
  }

  readonly #stop = () => {
    this.ended = true;
    this.queue.length = 0;
    this.bell.ring();
  };
}

/** Who computes: this thread where there is little to do, worker threads from then on that there is much. */
class Crew {
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
