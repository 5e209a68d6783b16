import {Flags, type Interfaces} from '@oclif/core';
import {integerFlag, numberFlag, sharedFlags, withEffectiveDefault} from '../../cli/flags.ts';
import {defined} from '../../common/defined.ts';
import {RiceError} from '../../common/errors.ts';
import type {AugmentationOptions} from '../../training/batches/augmentation.ts';
import {
  DEFAULT_CONFIGURATION,
  defaultThreads,
  type TrainingConfiguration,
  WHOLE_FRAME_INPUT,
} from '../../training/configuration.ts';
import type {Freeze} from '../../training/initial/groups.ts';
import type {TrainingLimits} from '../../training/limits.ts';
import {NETWORKS, type NetworkName} from '../../training/networks/index.ts';
import {OPTIMIZERS, type OptimizerName} from '../../training/optimizers.ts';
import {inputOf, recipeFor} from '../../training/recipes.ts';

const {schedule, augmentation, ...defaults} = DEFAULT_CONFIGURATION;
const scratch = recipeFor({pretrained: false});
const tuned = recipeFor({pretrained: true});
const head = recipeFor({pretrained: true, freeze: 'backbone'});

const freezeFlag = Flags.custom<Freeze>({
  async parse(input) {
    if (input === 'backbone') return input;
    if (/^[1-9]\d{0,3}$/.test(input)) return Number(input);
    throw new RiceError('USAGE', `expected a whole number from 1 on, or backbone, got "${input}"`);
  },
});
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
  freeze: freezeFlag({
    description:
      'groups of layers from the pixels on that keep the weights that others trained, or backbone for all but the classifier: then each picture passes the network twice in all, and the classifier learns in seconds',
    helpValue: 'N|backbone',
  }),
  'freeze-statistics': Flags.boolean({
    description: 'keep the means and variances of batch normalization that others measured, for small batches',
  }),
  'layer-decay': numberFlag({
    description: `factor of the learning rate from each group of layers to the one before it [default: 1; ${tuned.layerDecay} with --pretrained]`,
    min: 0.001,
    max: 1,
  }),
  'head-lr': numberFlag({
    description: `highest learning rate of the classifier [default: that of the other layers; ${tuned.headRate} times as high with --pretrained]`,
    min: 0,
  }),
  'image-size': integerFlag({
    description: `width of the pictures that the network sees, in pixels: whole pictures are square, grains are shown as much larger [default: ${defaults.input.width}, and ${WHOLE_FRAME_INPUT.width} for whole pictures; ${tuned.imageSize} with --pretrained]`,
    min: 32,
    max: 1024,
  }),
  epochs: withEffectiveDefault(
    integerFlag({
      description: `number of passes over the pictures [default: ${scratch.epochs}; ${tuned.epochs} with --pretrained, ${head.epochs} with --freeze backbone]`,
      min: 1,
      max: 100_000,
    }),
    () => scratch.epochs,
  ),
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
  lr: withEffectiveDefault(
    numberFlag({
      description: `highest learning rate [default: ${scratch.learningRate}; ${tuned.learningRate} with --pretrained, ${head.learningRate} with --freeze backbone]`,
      min: 0,
    }),
    () => scratch.learningRate,
  ),
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
  'weight-decay': withEffectiveDefault(
    numberFlag({
      description: `weight decay [default: ${scratch.weightDecay}; ${tuned.weightDecay} with --pretrained]`,
      min: 0,
    }),
    () => scratch.weightDecay,
  ),
  'label-smoothing': share('share of each target that is spread evenly over all labels', defaults.labelSmoothing),
  dropout: withEffectiveDefault(
    numberFlag({
      description: `share of features that dropout sets to zero [default: ${scratch.dropout}; ${head.dropout} with --freeze backbone]`,
      min: 0,
      max: 0.99,
    }),
    () => scratch.dropout,
  ),
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

export type TrainingFlags = Interfaces.InferredFlags<typeof trainingFlags>;

/** What ends the training early, if anything does. */
export function limitsOf({patience, 'max-minutes': maxMinutes}: Pick<TrainingFlags, 'patience' | 'max-minutes'>): {
  limits?: TrainingLimits;
} {
  const limits = defined({patience, maxMinutes});
  return Object.keys(limits).length > 0 ? {limits} : {};
}

/** The training configuration that the flags describe. */
export function trainingConfiguration(flags: TrainingFlags & {pretrained?: string | undefined}): TrainingConfiguration {
  const {'validation-share': validation, 'test-share': test, freeze} = flags;
  const recipe = recipeFor({pretrained: flags.pretrained !== undefined, freeze});
  const {epochs = recipe.epochs, lr = recipe.learningRate, dropout = recipe.dropout} = flags;
  const {'layer-decay': layerDecay = recipe.layerDecay, 'head-lr': headLearningRate = lr * recipe.headRate} = flags;
  const wholeFrame = flags['whole-frame'];
  const input = inputOf(flags['image-size'] ?? recipe.imageSize, wholeFrame);
  return {
    network: flags.arch,
    input,
    ...(wholeFrame ? {wholeFrame: true} : {}),
    ...defined({freeze}),
    ...(flags['freeze-statistics'] ? {freezeStatistics: true} : {}),
    ...(layerDecay === 1 ? {} : {layerDecay}),
    ...(headLearningRate === lr ? {} : {headLearningRate}),
    batchSize: flags['batch-size'],
    optimizer: flags.optimizer,
    schedule: {
      epochs,
      learningRate: lr,
      warmupEpochs: flags['warmup-epochs'],
      finalShare: flags['final-lr-share'],
      weightDecay: flags['weight-decay'] ?? recipe.weightDecay,
      averageDecay: flags['average-decay'],
    },
    ...limitsOf(flags),
    labelSmoothing: flags['label-smoothing'],
    dropout,
    clipNorm: flags['clip-norm'],
    augmentation: augmentationOf(flags),
    seed: flags.seed,
    split: {seed: flags['split-seed'], fractions: {train: 1 - validation - test, validation, test}},
    device: flags.device,
    threads: flags.threads ?? null,
  };
}

function augmentationOf(flags: TrainingFlags): AugmentationOptions {
  return {
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
  };
}
