import {existsSync, renameSync, truncateSync} from 'node:fs';
import {appendFile, open} from 'node:fs/promises';
import {join} from 'node:path';
import type {InferenceSession} from 'onnxruntime-node';
import {fromFileSystemError, RiceError} from '../../common/errors.ts';
import type {PreparedCache} from '../../dataset/cache/prepared-cache.ts';
import {windowFromPatch} from '../../image/window/window.ts';
import {accelerators, createSession, type DeviceChoice, type SessionOptions} from '../../model/devices.ts';
import {FEATURE_GRAPH_FILE, type Manifest, readDigested} from '../artifact/manifest.ts';
import {openImages} from '../artifact/open-images.ts';
import {augmentInto} from '../batches/augmentation.ts';
import {Random} from '../random.ts';
import {completePictures, FEATURES_FILE, touch, VIEWS} from './feature-file.ts';

const BATCH = 32;

export interface ComputeFeaturesOptions {
  artifact: string;
  manifest: Manifest;
  /** Positions in the cache, in the order of the file. */
  pictures: readonly number[];
  onProgress: (done: number, total: number) => void;
  /** Asked between batches; what is done is kept. */
  stopping: () => boolean;
}

/**
 * Computes what does not change while a classifier learns: the features of each picture. An interrupted computation goes on where
 * it was.
 *
 * @returns whether all are there
 */
export async function computeFeatures(options: ComputeFeaturesOptions): Promise<boolean> {
  const {artifact, manifest, pictures, onProgress, stopping} = options;
  const path = join(artifact, FEATURES_FILE);
  if (existsSync(path)) return true;
  const partial = `${path}.partial`;
  const {length} = manifest.features!;
  // In the same batches as without an interruption, so that the numbers are the same to the last bit.
  const done = BATCH * Math.floor(Math.min(completePictures(partial, length), pictures.length) / BATCH);
  const cache = openImages(artifact);
  try {
    touch(partial);
    truncateSync(partial, done * VIEWS * length * 4);
    const threads = manifest.threads === null ? {} : {threads: manifest.threads};
    const session = await openFeatures(readDigested(artifact, manifest, FEATURE_GRAPH_FILE), manifest.device, threads);
    try {
      for (let start = done; start < pictures.length; start += BATCH) {
        if (stopping()) return false;
        onProgress(start, pictures.length);
        const batch = pictures.slice(start, start + BATCH);
        await appendFile(partial, await featuresOf(session, cache, batch, manifest));
      }
    } finally {
      await session.release();
    }
    await onDisk(partial);
    renameSync(partial, path);
    onProgress(pictures.length, pictures.length);
    return true;
  } catch (error) {
    throw fromFileSystemError(error, partial, 'write');
  } finally {
    cache.close();
  }
}

/** A file that has its name is complete, also after the power failed. */
async function onDisk(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.datasync();
  } finally {
    await file.close();
  }
}

/** On the fastest device that works here, unless one is named. */
async function openFeatures(
  graph: Uint8Array,
  device: DeviceChoice,
  options: SessionOptions,
): Promise<InferenceSession> {
  if (device !== 'auto') return createSession(graph, device, options);
  for (const accelerator of accelerators()) {
    try {
      return await createSession(graph, accelerator, options);
    } catch (error) {
      if (!(error instanceof RiceError)) throw error;
    }
  }
  return createSession(graph, 'cpu', options);
}

/** The views of each picture, one after the other, as bytes. */
async function featuresOf(
  session: InferenceSession,
  cache: PreparedCache,
  pictures: readonly number[],
  {input, augmentation, seed}: Manifest,
): Promise<Uint8Array> {
  const {Tensor} = await import('onnxruntime-node');
  const windowBytes = input.width * input.height * 3;
  const image = new Uint8Array(pictures.length * VIEWS * windowBytes);
  const changes = {...augmentation, untouched: 0, outliers: 0};
  pictures.forEach((index, i) => {
    const patch = cache.readPatch(index);
    image.set(windowFromPatch(patch, input), i * VIEWS * windowBytes);
    augmentInto(patch, input, changes, new Random(seed, 'view', index), image, (i * VIEWS + 1) * windowBytes);
  });
  const tensor = new Tensor('uint8', image, [pictures.length * VIEWS, input.height, input.width, 3]);
  const {features} = await session.run({image: tensor});
  const {buffer, byteOffset, byteLength} = features.data as Float32Array;
  return new Uint8Array(buffer, byteOffset, byteLength);
}
