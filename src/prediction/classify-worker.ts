import {parentPort, workerData} from 'node:worker_threads';
import {RiceError} from '../common/errors.ts';
import {MemoryBudget, type SharedBudget} from '../common/memory-budget.ts';
import {onRequest} from '../common/thread.ts';
import {type CallOptions, Classifier, type ClassifierOptions} from '../model/classifier.ts';
import {type AnswerBatch, packAnswers} from './answer-batch.ts';
import {type Content, classifyContents} from './read-pictures.ts';

/** Pictures or prepared windows to classify; `release` frees the model before the thread ends. */
export type ClassifyRequest =
  | ({contents: Content[]} & CallOptions)
  | ({windows: Uint8Array[]} & CallOptions)
  | {load: true}
  | {release: true};

export type ClassifyReply =
  | AnswerBatch
  | {loaded: true}
  | {released: true}
  | {failure: ReturnType<RiceError['toJSON']>};

export interface ClassifyWorkerData {
  load: Omit<ClassifierOptions, 'onWarning'>;
  /** Of the model that the caller has. */
  sha256: string;
  /** By slot: changes with every picture. */
  progress: Int32Array;
  budget: SharedBudget;
  slot: number;
}

const {load, sha256, progress, budget, slot} = workerData as ClassifyWorkerData;
const onPicture = () => {
  Atomics.add(progress, slot, 1);
};
const memory = new MemoryBudget(budget, slot, onPicture);
const loading = loadSame();
// A failure is reported to the first request; until then it must not count as an unhandled rejection.
loading.catch(() => {});

onRequest(async (request: ClassifyRequest) => {
  const {reply, buffers} = await answer(request).catch((error): Outgoing => ({reply: {failure: describe(error)}}));
  parentPort!.postMessage(reply, buffers);
});

async function loadSame(): Promise<Classifier> {
  const classifier = await Classifier.load({...load, threads: 1}, {memory, onPicture});
  if (classifier.model.sha256 === sha256) return classifier;
  await classifier.release();
  throw new RiceError('MODEL_INVALID', 'the model file was replaced while it was being loaded', {
    suggestions: ['Run the command again.'],
  });
}

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
  if ('load' in request) return {reply: {loaded: true}};
  const answers =
    'windows' in request
      ? await classifier.classifyWindows(request.windows, request)
      : await classifyContents(request.contents, (images) => classifier.classify(images, request));
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
