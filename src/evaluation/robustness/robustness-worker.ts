import {parentPort, workerData} from 'node:worker_threads';
import {defined} from '../../common/defined.ts';
import {onRequest} from '../../common/thread.ts';
import {hashBytes} from '../../dataset/digest.ts';
import {readPicture} from '../../dataset/read-file.ts';
import {decodeImage} from '../../image/decode.ts';
import type {Frame} from '../../image/frame.ts';
import {Classifier, type ClassifierOptions} from '../../model/classifier.ts';
import {CHANGES} from './changes.ts';
import {RandomStream} from './random-stream.ts';

/** A picture to classify with every change; `release` frees the model before the thread ends. */
export type RobustnessRequest = {path: string} | {release: true};

/** The answers for a picture with each change, in the order of `CHANGES`. */
export interface ChangedAnswers {
  /** Indices of the labels. */
  predicted: number[];
  known: boolean[];
}

/** `undefined` for a picture that cannot be read or decoded. */
export type RobustnessReply = {answers: ChangedAnswers | undefined} | {released: true};

const options = workerData as ClassifierOptions;
const loading = Classifier.load({...options, threads: 1});
// A failure is reported to the first request; until then it must not count as an unhandled rejection.
loading.catch(() => {});

onRequest(async (request: RobustnessRequest) => parentPort!.postMessage(await replyTo(request)));

async function replyTo(request: RobustnessRequest): Promise<RobustnessReply> {
  const classifier = await loading;
  if ('path' in request) return {answers: await classifyChanged(request.path, classifier)};
  await classifier.release();
  return {released: true};
}

async function classifyChanged(path: string, classifier: Classifier): Promise<ChangedAnswers | undefined> {
  const picture = await open(path);
  if (!picture) return undefined;
  const predictions = await classifier.classifyFrames(changed(picture.frame, picture.sha256));
  const {labels} = classifier.model;
  return {
    predicted: predictions.map(({label}) => labels.indexOf(label)),
    known: predictions.map(({known}) => known),
  };
}

/** Errors are ignored: `evaluate` has already reported them. */
async function open(path: string): Promise<{frame: Frame; sha256: string} | undefined> {
  try {
    const bytes = await readPicture(path);
    const {maxPixels} = options;
    const {frame} = await decodeImage(bytes, defined({maxPixels}));
    return {frame, sha256: hashBytes(bytes).sha256};
  } catch {
    return undefined;
  }
}

async function* changed(frame: Frame, sha256: string): AsyncGenerator<Frame> {
  for (const {name, apply} of CHANGES) yield await apply(frame, new RandomStream(sha256, name));
}
