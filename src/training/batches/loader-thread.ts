/**
 * The thread that makes batches while the network computes: it reads and augments patches, and writes windows and labels
 * into the buffers that are transferred with each request and sent back filled.
 */
import {parentPort, workerData} from 'node:worker_threads';
import {RiceError} from '../../common/errors.ts';
import {onRequest} from '../../common/thread.ts';
import {PATCH_SCALE, type WindowSize} from '../../image/window/canvas.ts';
import type {GrainPatch} from '../../image/window/patch.ts';
import {openImages} from '../artifact/open-images.ts';
import {Random} from '../random.ts';
import {type AugmentationOptions, augmentationIn, augmentInto} from './augmentation.ts';
import {NO_LABEL} from './no-label.ts';
import {Sampler} from './sampler.ts';
import {shrinkInto} from './warp.ts';

export interface LoaderData {
  /** The folder of the training artifact. */
  artifact: string;
  size: WindowSize;
  seed: number;
  batchSize: number;
  augmentation: AugmentationOptions;
  epochs: number;
  /** Positions in the cache. */
  train: Uint32Array;
  validation: Uint32Array;
  noiseLengths: number[];
}

/** A step of an epoch, or as many validation images from a position on as the buffer holds. */
export type LoaderRequest = ({epoch: number; epochs: number; step: number} | {validationFrom: number}) & LoaderBuffers;

export interface LoaderBuffers {
  image: Uint8Array;
  labels: Uint8Array;
  noise: Float32Array[];
}

export interface LoaderReply extends LoaderBuffers {
  count: number;
}

/** What went wrong: the thread is of no use any more. */
export interface LoaderFailure {
  failure: ReturnType<RiceError['toJSON']>;
}

const data = workerData as LoaderData;
const cache = openImages(data.artifact);
const sampler = new Sampler(data.train.length, data.batchSize, data.seed);
const canvas = new Uint8Array(data.size.width * data.size.height * PATCH_SCALE * PATCH_SCALE * 3);
const windowBytes = data.size.width * data.size.height * 3;

onRequest((request: LoaderRequest) => {
  try {
    const count = 'step' in request ? fillTraining(request) : fillValidation(request);
    const {image, labels, noise} = request;
    const reply: LoaderReply = {image, labels, noise, count};
    parentPort!.postMessage(reply, [image.buffer, labels.buffer, ...noise.map(({buffer}) => buffer)] as ArrayBuffer[]);
  } catch (error) {
    if (!(error instanceof RiceError)) throw error;
    parentPort!.postMessage({failure: error.toJSON()} satisfies LoaderFailure);
  }
});

function fillTraining(request: {epoch: number; epochs: number; step: number} & LoaderBuffers): number {
  const {epoch, epochs, step, image, labels, noise} = request;
  const batch = sampler.batch(epoch, step);
  const augmentation = augmentationIn(epoch, epochs, data.augmentation);
  batch.forEach((position, i) => {
    const index = data.train[position];
    const random = new Random(data.seed, 'augment', epoch, step, i);
    const labelled = augmentInto(readPatch(index), data.size, augmentation, random, image, i * windowBytes);
    labels[i] = labelled ? cache.label(index) : NO_LABEL;
  });
  noise.forEach((values, i) => {
    const random = new Random(data.seed, 'dropout', i, epoch, step);
    for (let k = 0; k < values.length; k++) values[k] = random.uniform();
  });
  return batch.length;
}

function fillValidation({validationFrom, image, labels}: {validationFrom: number} & LoaderBuffers): number {
  const indices = data.validation.subarray(validationFrom, validationFrom + labels.length);
  indices.forEach((index, i) => {
    labels[i] = cache.label(index);
    const window = image.subarray(i * windowBytes, (i + 1) * windowBytes);
    shrinkInto(readPatch(index), data.size, {x: false, y: false}, window);
  });
  return indices.length;
}

/** Reads a patch into the shared buffer. */
function readPatch(index: number): GrainPatch {
  return {...cache.readPatchInto(index, canvas), data: canvas};
}
