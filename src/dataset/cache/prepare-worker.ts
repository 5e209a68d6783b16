import {readFileSync} from 'node:fs';
import {parentPort, workerData} from 'node:worker_threads';
import {fromFileSystemError} from '../../common/errors.ts';
import {onRequest} from '../../common/thread.ts';
import {FLAWS} from '../../image/flaws/flaw.ts';
import {severeFlaws} from '../../image/flaws/flaws.ts';
import {type FrameOptions, preparePatch, type WindowSize} from '../../image/prepare.ts';
import type {GrainPatch} from '../../image/window/patch.ts';
import {describeError, type FileError} from '../file-error.ts';

/** What is the same for all messages: the window and how pictures are laid into it. */
export interface PrepareSettings extends FrameOptions {
  size: WindowSize;
}

/** Absolute paths of image files; the settings are in `workerData`. */
export interface PrepareRequest {
  files: string[];
}

export interface PrepareReply {
  /** x, y, width, height of each patch; zeros if the image could not be prepared. */
  bounds: Uint16Array;
  /** The concatenated RGB bytes of the patches. */
  bytes: Uint8Array;
  /** The number of grains that were found in each image. */
  grains: Uint16Array;
  /** 1 for each image that is cut closely around its grain. */
  closelyCut: Uint8Array;
  /** By bit, which of FLAWS each image has so that others like it are not answered. */
  flaws: Uint8Array;
  /** By position in the request. */
  errors: ({position: number} & Omit<FileError, 'path'>)[];
}

/** Prepares the files of each message and transfers the bytes without copying. */
onRequest(async ({files}: PrepareRequest) => {
  const reply = await prepareFiles(files, workerData as PrepareSettings);
  const {bounds, bytes, grains, closelyCut, flaws} = reply;
  parentPort!.postMessage(
    reply,
    [bounds, bytes, grains, closelyCut, flaws].map(({buffer}) => buffer as ArrayBuffer),
  );
});

async function prepareFiles(files: string[], {size, ...options}: PrepareSettings): Promise<PrepareReply> {
  const patches: GrainPatch[] = [];
  const bounds = new Uint16Array(files.length * 4);
  const grains = new Uint16Array(files.length);
  const closelyCut = new Uint8Array(files.length);
  const flaws = new Uint8Array(files.length);
  const errors: PrepareReply['errors'] = [];
  for (const [position, file] of files.entries()) {
    try {
      const prepared = await preparePatch(readImage(file), size, options);
      const {patch, grain, closelyCut: cut} = prepared;
      bounds.set([patch.x, patch.y, patch.width, patch.height], position * 4);
      patches.push(patch);
      grains[position] = Math.min(0xffff, grain?.objects ?? 0);
      if (cut) closelyCut[position] = 1;
      for (const flaw of severeFlaws(prepared)) flaws[position] |= 1 << FLAWS.indexOf(flaw);
    } catch (error) {
      errors.push({position, ...describeError(error)});
    }
  }
  return {bounds, bytes: concatenate(patches), grains, closelyCut, flaws, errors};
}

function readImage(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    throw fromFileSystemError(error, file, 'read');
  }
}

function concatenate(patches: GrainPatch[]): Uint8Array {
  const bytes = new Uint8Array(patches.reduce((total, {data}) => total + data.length, 0));
  let at = 0;
  for (const {data} of patches) {
    bytes.set(data, at);
    at += data.length;
  }
  return bytes;
}
