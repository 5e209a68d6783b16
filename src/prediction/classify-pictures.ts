import {availableParallelism} from 'node:os';
import type {ClassifierOptions} from '../model/classifier.ts';
import type {Answer} from './answer-batch.ts';
import type {AsyncEvent} from './async-event.ts';
import {ClassificationScheduler, type ClassifierLike} from './classification-scheduler.ts';
import type {Picture, PictureSource} from './picture.ts';
import {PictureIntake} from './picture-intake.ts';

export interface ClassifyOptions {
  /** The options of the classifier, with which each thread loads its own. */
  load: ClassifierOptions;
  /** Pictures per batch; 32 by default. */
  batchSize?: number;
  /** Worker threads; one per core by default. */
  threads?: number;
  signal?: AbortSignal;
}

export interface Classified {
  picture: Picture;
  answer: Answer;
}

export const DEFAULT_BATCH = 32;

/** A batch in flight. */
interface Pending {
  pictures: Picture[];
  /** Undefined for a picture that had not arrived when the signal was aborted. */
  answers: Promise<(Answer | undefined)[]>;
  settled: boolean;
}

/**
 * Classifies pictures and yields the answers in order, batch by batch, as soon as possible. A picture that cannot be read
 * or decoded becomes an error in its place. Only a few batches are in memory at a time. Available pictures are classified
 * without waiting for a full batch, so pictures of a slow source are answered at once. If the signal is aborted, no more of
 * the source is read; pictures in flight are still answered, except those that have not arrived.
 *
 * Few pictures are classified in this thread, many in worker threads, each with its own classifier.
 *
 * @throws errors of the source, once all pictures before are answered; errors of the model; RiceError INTERNAL if a thread
 *   dies
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
        pending.push(submit(scheduler, queue.splice(0, batchSize), event));
      if (pending[0]?.settled) {
        const {pictures, answers} = pending.shift()!;
        const classified = withAnswers(pictures, await answers);
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

function withAnswers(pictures: Picture[], answers: (Answer | undefined)[]): Classified[] {
  return pictures.flatMap((picture, i) => {
    const answer = answers[i];
    return answer === undefined ? [] : [{picture, answer}];
  });
}

function submit(scheduler: ClassificationScheduler, pictures: Picture[], event: AsyncEvent): Pending {
  const batch: Pending = {pictures, answers: scheduler.classify(pictures), settled: false};
  const settle = () => {
    batch.settled = true;
    event.notify();
  };
  batch.answers.then(settle, settle);
  return batch;
}
