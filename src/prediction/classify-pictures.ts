import {availableParallelism} from 'node:os';
import type {ClassifierOptions} from '../model/classifier.ts';
import type {Answer} from './answer-batch.ts';
import type {AsyncEvent} from './async-event.ts';
import {ClassificationScheduler, type ClassifierLike} from './classification-scheduler.ts';
import type {Picture, PictureSource} from './picture.ts';
import {PictureIntake} from './picture-intake.ts';

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
  const scheduler = new ClassificationScheduler(classifier, load, threads, signal);
  const intake = new PictureIntake(source, signal);
  const pending: Pending[] = [];
  try {
    for (;;) {
      intake.read();
      const {queue, event} = intake;
      scheduler.expect(queue.length);
      while (queue.length > 0 && pending.length < scheduler.capacity)
        pending.push(handOut(scheduler, queue.splice(0, batchSize), event));
      if (pending[0]?.settled) {
        const {pictures, answers} = pending.shift()!;
        const classified = inPlace(pictures, await answers);
        if (classified.length > 0) yield classified;
      } else if (pending.length > 0 || !intake.ended) await event.next();
      else if (intake.failure) throw intake.failure.error;
      else return;
    }
  } finally {
    await Promise.allSettled(pending.map(({answers}) => answers));
    await scheduler.close();
    await intake.close();
  }
}

function inPlace(pictures: Picture[], answers: (Answer | undefined)[]): Classified[] {
  return pictures.flatMap((picture, i) => {
    const answer = answers[i];
    return answer === undefined ? [] : [{picture, answer}];
  });
}

function handOut(scheduler: ClassificationScheduler, pictures: Picture[], event: AsyncEvent): Pending {
  const batch: Pending = {pictures, answers: scheduler.classify(pictures), settled: false};
  const settle = () => {
    batch.settled = true;
    event.notify();
  };
  batch.answers.then(settle, settle);
  return batch;
}
