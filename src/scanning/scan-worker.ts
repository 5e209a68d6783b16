import {setPriority} from 'node:os';
import {parentPort, workerData} from 'node:worker_threads';
import {RiceError} from '../common/errors.ts';
import {onRequest} from '../common/thread.ts';
import type {ClassifierOptions} from '../model/classifier.ts';
import {Scanner, type ScanOptions} from './scanner.ts';
import type {ScannedPicture, ScanSummary} from './types.ts';

/** A picture to scan; `release` frees the model before the thread ends. */
export type ScanRequest =
  | {bytes: Uint8Array; path: string; options: Omit<ScanOptions, 'onStep'>; cancel: Int32Array}
  | {load: true}
  | {release: true};

/** One picture, and what it is as a sample by itself. */
export interface PictureScan {
  picture: ScannedPicture;
  summary: ScanSummary;
}

export type ScanReply = PictureScan | {loaded: true} | {released: true} | {failure: ReturnType<RiceError['toJSON']>};

export interface ScanWorkerData {
  load: Omit<ClassifierOptions, 'onWarning'>;
  /** Of the model that the caller has. */
  sha256: string;
  /** By slot: changes with every step of a scan. */
  progress: Int32Array;
  /** Whether other work goes first. */
  background: boolean;
  slot: number;
}

/** Of the values from -20 to 19 that a thread may have, of which 0 is usual: it gets a tenth of a core that all want. */
const BACKGROUND = 10;

const {load, sha256, progress, background, slot} = workerData as ScanWorkerData;
// On Linux this is the thread's alone, and elsewhere the whole process's.
if (background && process.platform === 'linux') setPriority(BACKGROUND);
const loading = loadSame();
// A failure is reported to the first request; until then it must not count as an unhandled rejection.
loading.catch(() => {});

onRequest(async (request: ScanRequest) => {
  const reply = await answer(request).catch((error): ScanReply => ({failure: describe(error)}));
  parentPort!.postMessage(reply);
});

async function loadSame(): Promise<Scanner> {
  const scanner = await Scanner.load({...load, threads: 1});
  if (scanner.model.sha256 === sha256) return scanner;
  await scanner.release();
  throw new RiceError('MODEL_INVALID', 'the model file was replaced while it was being loaded', {
    suggestions: ['Run the command again.'],
  });
}

async function answer(request: ScanRequest): Promise<ScanReply> {
  if ('release' in request) {
    // A model that could not be loaded needs no release.
    const loaded = await loading.catch(() => undefined);
    await loaded?.release();
    return {released: true};
  }
  const scanner = await loading;
  if ('load' in request) return {loaded: true};
  const {bytes, path, cancel} = request;
  const onStep = () => {
    Atomics.add(progress, slot, 1);
    if (Atomics.load(cancel, 0) !== 0) throw new Error('nobody waits for this scan any more');
  };
  const options = {...request.options, onStep};
  onStep();
  const picture = await scanner.scan(bytes, path, options);
  return {picture, summary: scanner.summarize([picture], options)};
}

/** Errors become plain objects: sent to another thread, an error would lose its code, and uncaught it would end the thread. */
function describe(error: unknown): ReturnType<RiceError['toJSON']> {
  return (error instanceof RiceError ? error : new RiceError('INTERNAL', String(error))).toJSON();
}
