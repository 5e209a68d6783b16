/** Decodes, changes and classifies pictures, one for each message, with a classifier of its own. */
import {readFile} from 'node:fs/promises';
import {parentPort, workerData} from 'node:worker_threads';
import {onRequest} from '../../src/common/thread.ts';
import {hashBytes} from '../../src/dataset/digest.ts';
import {RandomStream} from '../../src/evaluation/robustness/random-stream.ts';
import {decodeImage} from '../../src/image/decode.ts';
import type {Frame} from '../../src/image/frame.ts';
import {Classifier, type ClassifierOptions, type Prediction} from '../../src/model/classifier.ts';
import type {TrustChange} from './changes/change.ts';
import {TRUST_CHANGES} from './changes/changes.ts';
import {Subject} from './changes/subject.ts';

export interface ChangeThreadOptions {
  load: ClassifierOptions;
  /** Names of the changes. */
  changes: readonly string[];
}

/** A picture to classify with each change; `release` frees the model before the thread ends. */
export type ChangeRequest = {path: string} | {release: true};

/** In the order of the changes; undefined for a picture that cannot be read, or shows nothing. */
export type ChangeReply = {predictions: Prediction[] | undefined; message?: string};

const {load, changes: names} = workerData as ChangeThreadOptions;
const changes = names.map((name) => TRUST_CHANGES.find((change) => change.name === name)!);
const loading = Classifier.load({...load, threads: 1});
loading.catch(() => {});

onRequest(async (request: ChangeRequest) => parentPort!.postMessage(await replyTo(request)));

async function replyTo(request: ChangeRequest): Promise<ChangeReply> {
  const classifier = await loading;
  if ('release' in request) {
    await classifier.release();
    return {predictions: undefined};
  }
  try {
    const bytes = await readFile(request.path);
    const {frame} = await decodeImage(bytes);
    const {sha256} = hashBytes(bytes);
    return {predictions: await classifier.classifyFrames(changed(new Subject(frame), changes, sha256))};
  } catch (error) {
    return {predictions: undefined, message: (error as Error).message};
  }
}

async function* changed(subject: Subject, changes: readonly TrustChange[], sha256: string): AsyncGenerator<Frame> {
  for (const {name, apply} of changes) yield await apply(subject, new RandomStream(sha256, 'trust', name));
}
