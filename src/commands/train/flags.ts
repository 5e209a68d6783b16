import {Flags, type Interfaces} from '@oclif/core';
import {integerFlag, numberFlag, sharedFlags, withEffectiveDefault} from '../../cli/flags.ts';
import {defined} from '../../common/defined.ts';
import {
  DEFAULT_CONFIGURATION,
  defaultThreads,
  type TrainingConfiguration,
  WHOLE_FRAME_INPUT,
} from '../../training/configuration.ts';
import type {TrainingLimits} from '../../training/limits.ts';
import {NETWORKS, type NetworkName} from '../../training/networks/index.ts';
import {OPTIMIZERS, type OptimizerName} from '../../training/optimizers.ts';

const {schedule, augmentation, ...defaults} = DEFAULT_CONFIGURATION;
const share = (description: string, value: number) => numberFlag({description, default: value, min: 0, max: 1});

/** A flag for each part of a training configuration. */
export const trainingFlags = {
  arch: Flags.option({options: Object.keys(NETWORKS) as NetworkName[]})({
    description: 'the network',
    default: defaults.network,
  }),
  'whole-frame': Flags.boolean({
    description:
      'train on whole pictures, in which no grain is searched for, such as heaps; the model predicts on whole pictures too',
  }),
  epochs: integerFlag({
    description: 'number of passes over the pictures',
    default: schedule.epochs,
    min: 1,
    max: 100_000,
  }),
  patience: integerFlag({
    description: 'end after this many epochs in a row without a better one [default: never]',
    min: 1,
    max: 100_000,
  }),
  'max-minutes': numberFlag({
    description: 'train no longer than this, with a schedule that fits into the time [default: all epochs]',
    min: 0.05,
    max: 1_000_000,
  }),
  'batch-size': integerFlag({description: 'pictures per step', default: defaults.batchSize, min: 2, max: 4096}),
  lr: numberFlag({description: 'highest learning rate', default: schedule.learningRate, min: 0}),
  'warmup-epochs': numberFlag({
    description: 'epochs in which the learning rate rises',
    default: schedule.warmupEpochs,
    min: 0,
  }),
  'final-lr-share': share('learning rate at the end, as a share of the highest', schedule.finalShare),
  optimizer: Flags.option({options: Object.keys(OPTIMIZERS) as OptimizerName[]})({
    description: 'the optimizer',
    default: defaults.optimizer,
  }),
  'weight-decay': numberFlag({description: 'weight decay', default: schedule.weightDecay, min: 0}),
  'label-smoothing': share('share of each target that is spread evenly over all labels', defaults.labelSmoothing),
  dropout: numberFlag({
    description: 'share of features that dropout sets to zero',
    default: defaults.dropout,
    min: 0,
    max: 0.99,
  }),
  'clip-norm': numberFlag({
    description: 'largest gradient norm, 0 for no limit',
    default: defaults.clipNorm,
    min: 0,
  }),
  'average-decay': numberFlag({
    description: 'decay of the moving average of the weights, per step',
    default: schedule.averageDecay,
    min: 0,
    max: 0.999999,
  }),
  seed: integerFlag({
    description: 'seed for weights, order and augmentation',
    default: defaults.seed,
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
  }),
  'split-seed': integerFlag({description: 'seed for the split into parts', default: defaults.split.seed, min: 0}),
  'validation-share': share('share of pictures in the validation part', defaults.split.fractions.validation),
  'test-share': share('share of pictures in the test part', defaults.split.fractions.test),
  'untouched-share': share('augmentation: share of unchanged pictures in the first epoch', augmentation.untouched),
  'final-untouched-share': share(
    'augmentation: share of unchanged pictures in the last epoch',
    augmentation.finallyUntouched,
  ),
  'warped-share': share(
    'augmentation: share of the changed pictures that are rotated, scaled and shifted',
    augmentation.warped,
  ),
  'max-rotation': numberFlag({
    description: 'augmentation: largest rotation in degrees',
    default: augmentation.rotation,
    min: 0,
    max: 180,
  }),
  'max-scale': numberFlag({
    description: 'augmentation: largest enlargement, 0.1 for 10 %',
    default: augmentation.scale,
    min: 0,
    max: 4,
  }),
  'max-shrink': numberFlag({
    description: 'augmentation: largest reduction, 1 for half of the size',
    default: augmentation.shrink,
    min: 0,
    max: 4,
  }),
  'max-shift': numberFlag({
    description: 'augmentation: largest shift in pixels of the window',
    default: augmentation.shift,
    min: 0,
    max: 100,
  }),
  'max-stretch': numberFlag({
    description: 'augmentation: largest change of the length alone, 0.1 for 10 %',
    default: augmentation.stretch,
    min: 0,
    max: 1,
  }),
  'max-tilt': numberFlag({
    description: 'augmentation: largest angle in degrees by which a grain is seen obliquely',
    default: augmentation.tilt,
    min: 0,
    max: 80,
  }),
  'recolored-share': share(
    'augmentation: share of the changed pictures whose brightness and color change',
    augmentation.recolored,
  ),
  'max-brightness': numberFlag({
    description: 'augmentation: largest change of brightness, 0.1 for 10 %',
    default: augmentation.brightness,
    min: 0,
    max: 4,
  }),
  'max-color': numberFlag({
    description: 'augmentation: largest change of each color channel, 0.1 for 10 %',
    default: augmentation.color,
    min: 0,
    max: 4,
  }),
  'grey-share': share('augmentation: share of the recolored pictures that become grey', augmentation.grey),
  'highlight-share': share(
    'augmentation: share of the recolored pictures that get a bright spot',
    augmentation.highlights,
  ),
  'max-gamma': numberFlag({
    description: 'augmentation: largest change of the gamma exponent, 0.1 for 10 %',
    default: augmentation.gamma,
    min: 0,
    max: 4,
  }),
  'max-gradient': numberFlag({
    description: 'augmentation: largest brightness gradient: how much brighter one side is than the middle',
    default: augmentation.gradient,
    min: 0,
    max: 1,
  }),
  'degraded-share': share(
    'augmentation: share of the changed pictures that are blurred and noisy',
    augmentation.degraded,
  ),
  'max-blur': numberFlag({
    description: 'augmentation: largest blur, as standard deviation in pixels of a 250 x 250 picture',
    default: augmentation.blur,
    min: 0,
    max: 20,
  }),
  'max-noise': numberFlag({
    description: 'augmentation: largest noise, as standard deviation in levels of 0 to 255',
    default: augmentation.noise,
    min: 0,
    max: 255,
  }),
  'max-motion': numberFlag({
    description: 'augmentation: longest blur by motion, in pixels of a 250 x 250 picture',
    default: augmentation.motion,
    min: 0,
    max: 100,
  }),
  'max-coarseness': numberFlag({
    description: 'augmentation: greatest loss of resolution, 5 for a fifth of the pixels along each side',
    default: augmentation.coarseness,
    min: 1,
    max: 20,
  }),
  'outlier-share': numberFlag({
    description:
      'augmentation: share of pictures turned into something that is not a grain, for which the network learns to be unsure',
    default: augmentation.outliers,
    min: 0,
    max: 0.5,
  }),
  device: sharedFlags.device,
  threads: withEffectiveDefault(
    integerFlag({
      description: 'CPU threads to compute with [default: one per core, minus one for preparing batches]',
      min: 1,
      max: 1024,
    }),
    defaultThreads,
  ),
};

type TrainingFlags = Interfaces.InferredFlags<typeof trainingFlags>;

/** What ends the training early, if anything does. */
export function limitsOf({patience, 'max-minutes': maxMinutes}: Pick<TrainingFlags, 'patience' | 'max-minutes'>): {
  limits?: TrainingLimits;
} {
  const limits = defined({patience, maxMinutes});
  return Object.keys(limits).length > 0 ? {limits} : {};
}

/** The training configuration that the flags describe. */
export function trainingConfiguration(flags: TrainingFlags): TrainingConfiguration {
  const {'validation-share': validation, 'test-share': test} = flags;
  return {
    network: flags.arch,
    ...(flags['whole-frame'] ? {input: WHOLE_FRAME_INPUT, wholeFrame: true} : {input: defaults.input}),
    batchSize: flags['batch-size'],
    optimizer: flags.optimizer,
    schedule: {
      epochs: flags.epochs,
      learningRate: flags.lr,
      warmupEpochs: flags['warmup-epochs'],
      finalShare: flags['final-lr-share'],
      weightDecay: flags['weight-decay'],
      averageDecay: flags['average-decay'],
    },
    ...limitsOf(flags),
    labelSmoothing: flags['label-smoothing'],
    dropout: flags.dropout,
    clipNorm: flags['clip-norm'],
    augmentation: {
      untouched: flags['untouched-share'],
      finallyUntouched: flags['final-untouched-share'],
      warped: flags['warped-share'],
      rotation: flags['max-rotation'],
      scale: flags['max-scale'],
      shrink: flags['max-shrink'],
      shift: flags['max-shift'],
      stretch: flags['max-stretch'],
      tilt: flags['max-tilt'],
      recolored: flags['recolored-share'],
      brightness: flags['max-brightness'],
      color: flags['max-color'],
      grey: flags['grey-share'],
      highlights: flags['highlight-share'],
      gamma: flags['max-gamma'],
      gradient: flags['max-gradient'],
      degraded: flags['degraded-share'],
      blur: flags['max-blur'],
      noise: flags['max-noise'],
      motion: flags['max-motion'],
      coarseness: flags['max-coarseness'],
      outliers: flags['outlier-share'],
    },
    seed: flags.seed,
    split: {seed: flags['split-seed'], fractions: {train: 1 - validation - test, validation, test}},
    device: flags.device,
    threads: flags.threads ?? null,
  };
}
