import {parentPort, workerData} from 'node:worker_threads';
import {RiceError} from '../errors.ts';
import {Classifier, type ClassifierOptions} from '../model/classifier.ts';
import {type AnswerBatch, packAnswers} from './answer-batch.ts';
import {type Content, classifyContents} from './read-pictures.ts';

/** Pictures to classify; `release` frees the model, before the thread may be ended. */
export type ClassifyRequest = {contents: Content[]} | {load: true} | {release: true};

export type ClassifyReply = AnswerBatch | {sha256: string} | {released: true} | {failure: Failure};

/** What the classifier threw, as far as it can be sent. */
export type Failure = ReturnType<RiceError['toJSON']>;

/** The thread's side: a classifier of its own that computes on one core. */
const loading = Classifier.load({...(workerData as ClassifierOptions), threads: 1});
// Who asks for it learns of a failure; until then it must not count as unhandled.
loading.catch(() => {});

parentPort?.on('message', async (request: ClassifyRequest) => {
  try {
    const {reply, buffers} = await answer(request);
    parentPort!.postMessage(reply, buffers);
  } catch (error) {
    if (!(error instanceof RiceError)) throw error;
    parentPort!.postMessage({failure: error.toJSON()} satisfies ClassifyReply);
  }
});

async function answer(request: ClassifyRequest): Promise<{reply: ClassifyReply; buffers?: ArrayBuffer[]}> {
  if ('release' in request) {
    const classifier = await loading.catch(() => undefined);
    await classifier?.release();
    return {reply: {released: true}};
  }
  const classifier = await loading;
  if ('load' in request) return {reply: {sha256: classifier.model.sha256}};
  const answers = await classifyContents(request.contents, (images) => classifier.classify(images));
  const batch = packAnswers(answers, classifier.model.labels);
  const buffers = [batch.probabilities, batch.grains, batch.reasons].map(({buffer}) => buffer as ArrayBuffer);
  return {reply: batch, buffers};
}
