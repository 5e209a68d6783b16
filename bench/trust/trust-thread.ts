/** Classifies pictures in both settings, as they are or with every change, with a classifier of its own. */
import {readFile} from 'node:fs/promises';
import {parentPort, workerData} from 'node:worker_threads';
import {RiceError} from '../../src/common/errors.ts';
import {onRequest} from '../../src/common/thread.ts';
import {hashBytes} from '../../src/dataset/digest.ts';
import {RandomStream} from '../../src/evaluation/robustness/random-stream.ts';
import {decodeImage} from '../../src/image/decode.ts';
import type {Frame} from '../../src/image/frame.ts';
import {Classifier, type ClassifierOptions, type Prediction} from '../../src/model/classifier.ts';
import {TRUSTS} from '../../src/model/trust.ts';
import {TRUST_CHANGES} from './changes/changes.ts';
import {Subject} from './changes/subject.ts';
import type {Judged} from './raw-answer.ts';

/** Pictures to classify as they are, or one with each change of these names; `release` frees the model at the end. */
export type TrustRequest = {paths: readonly string[]} | {path: string; changes: readonly string[]} | {release: true};

/** One for each picture or change; texts say why a picture cannot be used. */
export interface TrustReply {
  answers: (Judged | string)[];
}

const loading = Classifier.load({...(workerData as ClassifierOptions), threads: 1});
// A failure is reported to the first request; until then it must not count as an unhandled rejection.
loading.catch(() => {});

onRequest(async (request: TrustRequest) => parentPort!.postMessage({answers: await answersTo(request)}));

async function answersTo(request: TrustRequest): Promise<TrustReply['answers']> {
  const classifier = await loading;
  if ('paths' in request) return classifyPictures(classifier, request.paths);
  if ('path' in request) return classifyChanged(classifier, request.path, request.changes);
  await classifier.release();
  return [];
}

async function classifyPictures(classifier: Classifier, paths: readonly string[]): Promise<TrustReply['answers']> {
  const pictures = await Promise.all(paths.map((path) => readFile(path)));
  const results: (Prediction | RiceError)[][] = [];
  for (const trust of TRUSTS) results.push(await classifier.classify(pictures, {trust}));
  return pictures.map((_, i) => {
    const error = results.find((result) => result[i] instanceof RiceError)?.[i] as RiceError | undefined;
    return error?.message ?? results.map((result) => result[i] as Prediction);
  });
}

async function classifyChanged(
  classifier: Classifier,
  path: string,
  names: readonly string[],
): Promise<TrustReply['answers']> {
  const bytes = await readFile(path);
  const {sha256} = hashBytes(bytes);
  const frames: Frame[] = [];
  try {
    const subject = new Subject((await decodeImage(bytes)).frame);
    for (const name of names) {
      const change = TRUST_CHANGES.find((each) => each.name === name)!;
      frames.push(await change.apply(subject, new RandomStream(sha256, 'trust', name)));
    }
  } catch (error) {
    return names.map(() => (error as Error).message);
  }
  const results: Prediction[][] = [];
  for (const trust of TRUSTS) results.push(await classifier.classifyFrames(oneByOne(frames), {trust}));
  return names.map((_, i) => results.map((result) => result[i]));
}

async function* oneByOne(frames: readonly Frame[]): AsyncGenerator<Frame> {
  yield* frames;
}
