import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {RiceError} from '../../common/errors.ts';
import type {Split} from '../../dataset/split.ts';
import type {WindowSize} from '../../image/window/canvas.ts';
import type {DeviceChoice} from '../../model/devices.ts';
import type {AugmentationOptions} from '../batches/augmentation.ts';
import type {NetworkName} from '../networks/index.ts';
import type {OptimizerName} from '../optimizers.ts';
import type {Layout} from '../parameters.ts';
import type {ScheduleOptions} from '../schedule.ts';

/** The files of an artifact, apart from its checkpoints. */
export const STEP_FILE = 'step.onnx';
export const EVALUATION_FILE = 'evaluate.onnx';
export const MANIFEST_FILE = 'manifest.json';
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
  augmentation: AugmentationOptions;
  device: DeviceChoice;
  threads: number | null;
  /** The vectors that a step takes and returns; then the scalars and the noise that it takes. */
  state: {name: string; length: number}[];
  scalars: string[];
  noise: {name: string; shape: number[]}[];
  layout: Layout;
  onnxruntime: string;
}

/** @throws RiceError RUN_NOT_FOUND if there is none, RUN_DAMAGED if it cannot be read */
export function readManifest(folder: string): Manifest {
  let text: string;
  try {
    text = readFileSync(join(folder, MANIFEST_FILE), 'utf8');
  } catch (error) {
    throw new RiceError('RUN_NOT_FOUND', `${folder} has no training artifact (${MANIFEST_FILE} is missing)`, {
      cause: error,
    });
  }
  try {
    const manifest = JSON.parse(text) as Manifest;
    if (manifest.format === 2) return {...manifest, augmentation: withCurrentNames(manifest.augmentation)};
  } catch {
    // Reported below, like a manifest of an unknown format.
  }
  throw new RiceError(
    'RUN_DAMAGED',
    `${join(folder, MANIFEST_FILE)} is not a manifest that this version of rice can read`,
  );
}

/** Runs started with rice 1 spell two names differently. */
function withCurrentNames(
  augmentation: AugmentationOptions & {colour?: number; recoloured?: number},
): AugmentationOptions {
  const {colour, recoloured, ...rest} = augmentation;
  return {...rest, color: rest.color ?? colour, recolored: rest.recolored ?? recoloured};
}
