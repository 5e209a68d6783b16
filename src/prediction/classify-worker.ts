import {parentPort, workerData} from 'node:worker_threads';
import {Classifier, type ClassifierOptions} from '../model/classifier.ts';
import {type AnswerBatch, packAnswers} from './answer-batch.ts';
import {type Content, classifyContents} from './read-pictures.ts';

/** Pictures to classify; `release` frees the model, before the thread may be ended. */
export type ClassifyRequest = {contents: Content[]} | {load: true} | {release: true};

export type ClassifyReply = AnswerBatch | {sha256: string} | {released: true};

/** The thread's side: a classifier of its own that computes on one core. */
const loading = Classifier.load({...(workerData as ClassifierOptions), threads: 1});
// Who asks for it learns of a failure; until then it must not count as unhandled.
loading.catch(() => {});

parentPort?.on('message', async (request: ClassifyRequest) => {
  const classifier = await loading;
  if ('load' in request) parentPort!.postMessage({sha256: classifier.model.sha256} satisfies ClassifyReply);
  else if ('release' in request) {
    await classifier.release();
    parentPort!.postMessage({released: true} satisfies ClassifyReply);
  } else {
    const answers = await classifyContents(request.contents, (images) => classifier.classify(images));
    const batch = packAnswers(answers, classifier.model.labels);
    const buffers = [batch.probabilities, batch.grains, batch.reasons].map(({buffer}) => buffer as ArrayBuffer);
    parentPort!.postMessage(batch satisfies ClassifyReply, buffers);
  }
});
