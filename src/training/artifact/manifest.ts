import {hash} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {type Digested, withoutDigest} from '../../common/digested.ts';
import {RiceError} from '../../common/errors.ts';
import type {Split} from '../../dataset/split.ts';
import type {WindowSize} from '../../image/window/canvas.ts';
import type {DeviceChoice} from '../../model/devices.ts';
import type {AugmentationOptions} from '../batches/augmentation.ts';
import type {PixelNormalization} from '../layers/pixels.ts';
import type {NetworkName} from '../networks/index.ts';
import type {OptimizerName} from '../optimizers.ts';
import type {Layout} from '../parameters.ts';
import type {ScheduleOptions} from '../schedule.ts';
import type {Weights} from '../weights.ts';

/** The files of an artifact, apart from its checkpoints. */
export const STEP_FILE = 'step.onnx';
export const EVALUATION_FILE = 'evaluate.onnx';
export const MANIFEST_FILE = 'manifest.json';
/** Only where parts of the network do not learn: their weights; and the graph from pictures to features. */
export const FROZEN_FILE = 'frozen.bin';
export const FEATURE_GRAPH_FILE = 'features.onnx';
export const IMAGES_FOLDER = 'images';

/** What the worker needs to know besides the graphs and the images. */
export interface Manifest {
  format: 2;
  network: NetworkName;
  optimizer: OptimizerName;
  labels: string[];
  input: WindowSize;
  batchSize: number;
  seed: number;
  split: Split;
  /** Where the dataset brought its own split: the part of each prepared picture, a letter each: t, v or e. */
  parts?: string;
  schedule: ScheduleOptions;
  /** Patience in epochs, and seconds for the training with all that follows it; missing if nothing ends it early. */
  limits?: {patience?: number; seconds?: number};
  augmentation: AugmentationOptions;
  device: DeviceChoice;
  threads: number | null;
  /** The vectors that a step takes and returns; then the scalars and the noise that it takes. */
  state: {name: string; length: number}[];
  scalars: string[];
  noise: {name: string; shape: number[]}[];
  /** Of what learns. */
  layout: Layout;
  /** Of what does not learn; missing if everything does. */
  frozen?: Layout;
  /** Where only the classifier learns: the length of the features that it gets, which are computed once. */
  features?: {length: number};
  /** Whether the weights are not drawn, but those that others trained. */
  pretrained?: true;
  normalization?: PixelNormalization;
  onnxruntime: string;
  /** SHA-256 of the graphs and of the frozen weights by their files, in hexadecimal; missing in runs that were begun with rice 1. */
  digests?: Record<string, string>;
}

/** @throws RiceError RUN_NOT_FOUND if there is none, RUN_DAMAGED if it cannot be read */
export function readManifest(folder: string): Manifest {
  const path = join(folder, MANIFEST_FILE);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new RiceError('RUN_NOT_FOUND', `${folder} has no training artifact (${MANIFEST_FILE} is missing)`, {
      cause: error,
    });
  }
  try {
    const manifest = withoutDigest(JSON.parse(text) as Partial<Digested<Manifest>>);
    if (!manifest) throw new RiceError('RUN_DAMAGED', `${path} was changed since it was written`);
    if (manifest.format === 2) return {...manifest, augmentation: withCurrentNames(manifest.augmentation)};
  } catch (error) {
    if (error instanceof RiceError) throw error;
    // Reported below, like a manifest of an unknown format.
  }
  throw new RiceError('RUN_DAMAGED', `${path} is not a manifest that this version of rice can read`);
}

/**
 * Reads one of the files of an artifact whose digest the manifest has.
 *
 * @throws RiceError RUN_DAMAGED if it is missing, or not the one that was written
 */
export function readDigested(folder: string, {digests}: Manifest, file: string): Uint8Array {
  const path = join(folder, file);
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new RiceError('RUN_DAMAGED', `${path} cannot be read`, {cause: error});
  }
  if (digests !== undefined && hash('sha256', bytes) !== digests[file])
    throw new RiceError('RUN_DAMAGED', `${path} was changed since it was written`);
  return bytes;
}

/** Runs started with rice 1 spell two names differently. */
function withCurrentNames(
  augmentation: AugmentationOptions & {colour?: number; recoloured?: number},
): AugmentationOptions {
  const {colour, recoloured, ...rest} = augmentation;
  return {...rest, color: rest.color ?? colour, recolored: rest.recolored ?? recoloured};
}

/** The weights that do not learn; undefined if everything does. */
export function readFrozen(folder: string, manifest: Manifest): Weights | undefined {
  const {frozen: layout} = manifest;
  if (!layout) return undefined;
  const bytes = readDigested(folder, manifest, FROZEN_FILE);
  const all = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  const {parameterCount} = layout;
  return {layout, parameters: all.subarray(0, parameterCount), statistics: all.subarray(parameterCount)};
}
