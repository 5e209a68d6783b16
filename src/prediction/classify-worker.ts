import {parentPort, workerData} from 'node:worker_threads';
import {RiceError} from '../common/errors.ts';
import {Classifier, type ClassifierOptions} from '../model/classifier.ts';
import {type AnswerBatch, packAnswers} from './answer-batch.ts';
import {type Content, classifyContents} from './read-pictures.ts';

/** Pictures or prepared windows to classify; `release` frees the model before the thread ends. */
export type ClassifyRequest = {contents: Content[]} | {windows: Uint8Array[]} | {load: true} | {release: true};

export type ClassifyReply =
  | AnswerBatch
  | {sha256: string}
  | {released: true}
  | {failure: ReturnType<RiceError['toJSON']>};

const loading = Classifier.load({...(workerData as ClassifierOptions), threads: 1});
// A failure is reported to the first request; until then it must not count as an unhandled rejection.
loading.catch(() => {});

parentPort?.on('message', async (request: ClassifyRequest) => {
  const {reply, buffers} = await answer(request).catch((error): Outgoing => ({reply: {failure: describe(error)}}));
  parentPort!.postMessage(reply, buffers);
});

interface Outgoing {
  reply: ClassifyReply;
  /** Buffers to transfer without copying. */
  buffers?: ArrayBuffer[];
}

async function answer(request: ClassifyRequest): Promise<Outgoing> {
  if ('release' in request) {
    // A model that could not be loaded needs no release.
    const loaded = await loading.catch(() => undefined);
    await loaded?.release();
    return {reply: {released: true}};
  }
  const classifier = await loading;
  if ('load' in request) return {reply: {sha256: classifier.model.sha256}};
  const answers =
    'windows' in request
      ? await classifier.classifyWindows(request.windows)
      : await classifyContents(request.contents, (images) => classifier.classify(images));
  const batch = packAnswers(answers, classifier.model.labels);
  const buffers = [batch.probabilities, batch.grains, batch.scores, batch.features, batch.reasons, batch.windows].map(
    ({buffer}) => buffer as ArrayBuffer,
  );
  return {reply: batch, buffers};
}

/** Errors become plain objects: sent to another thread, an error would lose its code, and uncaught it would end the thread. */
function describe(error: unknown): ReturnType<RiceError['toJSON']> {
  return (error instanceof RiceError ? error : new RiceError('INTERNAL', String(error))).toJSON();
}
