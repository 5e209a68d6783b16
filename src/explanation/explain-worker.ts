import {parentPort, workerData} from 'node:worker_threads';
import {defined} from '../common/defined.ts';
import {RiceError} from '../common/errors.ts';
import {onRequest} from '../common/thread.ts';
import {decodeImage} from '../image/decode.ts';
import {encodePng} from '../image/formats/png/encode.ts';
import {Explainer, type ExplainerOptions} from './explainer.ts';
import {type ExplanationEntry, toExplanationEntry} from './explanation-entry.ts';
import {drawExplanation, type ShownAnswer} from './picture/draw-explanation.ts';

/** A picture with the answer to explain; `release` frees the model before the thread ends. */
export type ExplainRequest = {bytes: Uint8Array; answer: ShownAnswer; against?: string} | {release: true};

export interface PictureExplanation {
  explanation: ExplanationEntry;
  /** The picture that shows it: a PNG. */
  picture: Uint8Array;
}

export type ExplainReply = PictureExplanation | {released: true} | {failure: ReturnType<RiceError['toJSON']>};

export interface ExplainWorkerData {
  load: ExplainerOptions;
  /** By slot: changes while a picture is explained. */
  progress: Int32Array;
  slot: number;
}

const {load, progress, slot} = workerData as ExplainWorkerData;
const moved = () => {
  Atomics.add(progress, slot, 1);
};
let loading: Promise<Explainer> | undefined;

onRequest(async (request: ExplainRequest) => {
  const reply = await answer(request).catch((error): ExplainReply => ({failure: describe(error)}));
  parentPort!.postMessage(reply);
});

async function answer(request: ExplainRequest): Promise<ExplainReply> {
  if ('release' in request) {
    const explainer = await loading?.catch(() => undefined);
    await explainer?.release();
    return {released: true};
  }
  const {bytes, answer: shown, against} = request;
  loading ??= Explainer.load({...load, threads: 1});
  const explainer = await loading;
  moved();
  const {frame} = await decodeImage(bytes, defined({maxPixels: load.maxPixels}));
  moved();
  const {label} = shown;
  const explanation = await explainer.explainFrame(frame, {label, onProgress: moved, ...defined({against})});
  return {explanation: toExplanationEntry(explanation), picture: encodePng(drawExplanation(frame, explanation, shown))};
}

function describe(error: unknown): ReturnType<RiceError['toJSON']> {
  const known = error instanceof RiceError ? error : new RiceError('INTERNAL', String(error), {cause: error});
  return known.toJSON();
}
