import {availableParallelism} from 'node:os';
import {RiceError} from '../common/errors.ts';
import type {Fractions} from '../dataset/split.ts';
import type {WindowSize} from '../image/window/canvas.ts';
import type {DeviceChoice} from '../model/devices.ts';
import type {AugmentationOptions} from './batches/augmentation.ts';
import type {Freeze} from './initial/groups.ts';
import type {PixelNormalization} from './layers/pixels.ts';
import type {TrainingLimits} from './limits.ts';
import type {NetworkName} from './networks/index.ts';
import type {OptimizerName} from './optimizers.ts';
import type {ScheduleOptions} from './schedule.ts';

/** Where weights that others trained are from. */
export interface PretrainedRecord {
  /** The name in a hub, or of a file. */
  source: string;
  revision?: string;
  license?: string;
  bytes: number;
  /** SHA-256 of the file, in hexadecimal. */
  sha256: string;
}

/** Everything that determines what a run learns, apart from the dataset. */
export interface TrainingConfiguration {
  network: NetworkName;
  input: WindowSize;
  /** Whether the network sees whole pictures, in which no grain is searched for; missing if it sees grains. */
  wholeFrame?: true;
  /** The weights that others trained with which it begins; missing if they are drawn by the seed. */
  pretrained?: PretrainedRecord;
  /** How pixels are normalized for them, if not as the network says. */
  normalization?: PixelNormalization;
  /** What does not learn; missing if everything does. */
  freeze?: Freeze;
  /** Batch normalization uses the running statistics that others measured, which stay as they are. */
  freezeStatistics?: true;
  /** Factor of the learning rate from each group of layers to the one before it; missing if it is 1. */
  layerDecay?: number;
  /** Highest learning rate of the classifier; missing if it is that of the other layers. */
  headLearningRate?: number;
  batchSize: number;
  optimizer: OptimizerName;
  schedule: ScheduleOptions;
  /** What ends it before its last epoch; missing if nothing does. */
  limits?: TrainingLimits;
  labelSmoothing: number;
  dropout: number;
  /** Largest norm of the gradient; 0 for no limit. */
  clipNorm: number;
  augmentation: AugmentationOptions;
  seed: number;
  split: {seed: number; fractions: Fractions};
  device: DeviceChoice;
  /** CPU threads; null for all cores but one, which prepares the batches. */
  threads: number | null;
}

/** The window for whole pictures, which are of any shape: about as many pixels as that for grains. */
export const WHOLE_FRAME_INPUT: WindowSize = {width: 88, height: 88};

export const DEFAULT_CONFIGURATION: TrainingConfiguration = {
  network: 'grain4',
  input: {width: 120, height: 56},
  batchSize: 64,
  optimizer: 'adamw',
  schedule: {
    epochs: 22,
    learningRate: 3e-3,
    warmupEpochs: 0.5,
    finalShare: 0.01,
    weightDecay: 0.02,
    averageDecay: 0.998,
  },
  labelSmoothing: 0.02,
  dropout: 0,
  clipNorm: 1,
  augmentation: {
    untouched: 0.3,
    finallyUntouched: 0.93,
    warped: 0.55,
    rotation: 4,
    scale: 0.45,
    shrink: 1.1,
    shift: 1.5,
    stretch: 0.25,
    tilt: 50,
    recolored: 0.6,
    brightness: 0.7,
    color: 0.3,
    gamma: 0.3,
    gradient: 0.7,
    grey: 0.2,
    highlights: 0.2,
    degraded: 0.35,
    blur: 3,
    noise: 8,
    motion: 15,
    coarseness: 5,
    outliers: 0.06,
  },
  seed: 1,
  split: {seed: 0, fractions: {train: 0.8, validation: 0.1, test: 0.1}},
  device: 'auto',
  threads: null,
};

/**
 * Rejects settings that cannot work together. The ranges of single numbers are checked when they are read.
 *
 * @throws RiceError OUT_OF_RANGE
 */
export function checkConfiguration(configuration: TrainingConfiguration): void {
  const {schedule, split, batchSize} = configuration;

  if (schedule.warmupEpochs >= schedule.epochs) {
    throw new RiceError(
      'OUT_OF_RANGE',
      `a warm-up of ${schedule.warmupEpochs} epochs does not fit into ${schedule.epochs}`,
      {
        suggestions: ['Lower --warmup-epochs or raise --epochs.'],
      },
    );
  }
  if (split.fractions.validation <= 0) {
    throw new RiceError('OUT_OF_RANGE', 'a run needs validation images to choose its best epoch: the share is 0', {
      suggestions: ['Raise --validation-share above 0.'],
    });
  }
  if (split.fractions.train <= 0) {
    throw new RiceError('OUT_OF_RANGE', 'the validation and the test share leave nothing to train on', {
      suggestions: ['Lower --validation-share or --test-share.'],
    });
  }
  if (batchSize < 2) throw new RiceError('OUT_OF_RANGE', 'batch normalization needs batches of at least 2 images');
}

/** CPU threads of a training that names none: one core prepares batches meanwhile. */
export function defaultThreads(): number {
  return Math.max(1, availableParallelism() - 1);
}
