/** The settings of runs by the names that their flags have, and in what they differ. */

import type {TrainingConfiguration} from '../training/configuration.ts';
import {DEFAULT_CONFIGURATION, WHOLE_FRAME_INPUT} from '../training/configuration.ts';
import {inputOf, recipeFor} from '../training/recipes.ts';

/** The flag of `rice train` for each part of a configuration; a test holds it against the command. */
const FLAGS: Readonly<Record<string, string>> = {
  network: 'arch',
  wholeFrame: 'whole-frame',
  'pretrained.source': 'pretrained',
  freeze: 'freeze',
  freezeStatistics: 'freeze-statistics',
  layerDecay: 'layer-decay',
  headLearningRate: 'head-lr',
  batchSize: 'batch-size',
  optimizer: 'optimizer',
  'schedule.epochs': 'epochs',
  'schedule.learningRate': 'lr',
  'schedule.warmupEpochs': 'warmup-epochs',
  'schedule.finalShare': 'final-lr-share',
  'schedule.weightDecay': 'weight-decay',
  'schedule.averageDecay': 'average-decay',
  'limits.patience': 'patience',
  'limits.maxMinutes': 'max-minutes',
  labelSmoothing: 'label-smoothing',
  dropout: 'dropout',
  clipNorm: 'clip-norm',
  'augmentation.untouched': 'untouched-share',
  'augmentation.finallyUntouched': 'final-untouched-share',
  'augmentation.warped': 'warped-share',
  'augmentation.rotation': 'max-rotation',
  'augmentation.scale': 'max-scale',
  'augmentation.shrink': 'max-shrink',
  'augmentation.shift': 'max-shift',
  'augmentation.stretch': 'max-stretch',
  'augmentation.tilt': 'max-tilt',
  'augmentation.recolored': 'recolored-share',
  'augmentation.brightness': 'max-brightness',
  'augmentation.color': 'max-color',
  'augmentation.gamma': 'max-gamma',
  'augmentation.gradient': 'max-gradient',
  'augmentation.grey': 'grey-share',
  'augmentation.highlights': 'highlight-share',
  'augmentation.degraded': 'degraded-share',
  'augmentation.blur': 'max-blur',
  'augmentation.noise': 'max-noise',
  'augmentation.motion': 'max-motion',
  'augmentation.coarseness': 'max-coarseness',
  'augmentation.outliers': 'outlier-share',
  seed: 'seed',
  'split.seed': 'split-seed',
  'split.fractions.validation': 'validation-share',
  'split.fractions.test': 'test-share',
  device: 'device',
  threads: 'threads',
};

/** Follow from the others, whole or by the beginning of their names. */
const DERIVED = ['split.fractions.train', 'input.height', 'input.magnification', 'normalization.', 'pretrained.bytes'];
const WIDTH = 'input.width';

export type SettingValue = string | number | boolean | null;

/** A value; undefined where a version of rice did not have the setting. */
export type SettingValues = (SettingValue | undefined)[];

export interface DifferingSetting {
  /** The flag without dashes, or the place in the configuration where there is no flag. */
  name: string;
  values: SettingValues;
}

/** Every setting by its name, in the order of the flags; those without a flag last. */
export function settingsOf(configuration: TrainingConfiguration): Map<string, SettingValue> {
  const plain = new Map(flatten(inFull(configuration)));
  const sizes = configuration.wholeFrame ? WHOLE_FRAME_INPUT : DEFAULT_CONFIGURATION.input;
  const {input = sizes} = configuration;
  const usual = !configuration.pretrained && input.width === sizes.width && input.height === sizes.height;
  const settings = new Map<string, SettingValue>();
  for (const [path, flag] of Object.entries(FLAGS)) if (plain.has(path)) settings.set(flag, plain.get(path)!);
  for (const [path, value] of plain) {
    if (path === WIDTH) {
      if (!usual) settings.set('image-size', value);
    } else if (!(path in FLAGS) && !DERIVED.some((each) => path.startsWith(each))) settings.set(path, value);
  }
  return settings;
}

/** With what is left out where it changes nothing, though it is not the default of weights that others trained. */
function inFull(configuration: TrainingConfiguration): TrainingConfiguration {
  if (!configuration.pretrained) return configuration;
  const {layerDecay = 1, schedule, headLearningRate = schedule.learningRate} = configuration;
  return {...configuration, layerDecay, headLearningRate};
}

/** The settings that a run would have by default, with its weights to begin with and what of them does not learn. */
export function usualSettings(configuration: TrainingConfiguration): Map<string, SettingValue> {
  const {pretrained, freeze, wholeFrame = false} = configuration;
  if (!pretrained) return settingsOf(DEFAULT_CONFIGURATION);
  const {layerDecay, headRate, dropout, imageSize, ...schedule} = recipeFor({pretrained: true, freeze});
  const usual = settingsOf({
    ...DEFAULT_CONFIGURATION,
    ...(wholeFrame ? {wholeFrame} : {}),
    pretrained,
    input: inputOf(imageSize, wholeFrame),
    schedule: {...DEFAULT_CONFIGURATION.schedule, ...schedule},
    layerDecay,
    headLearningRate: headRate * configuration.schedule.learningRate,
    dropout,
  });
  for (const name of ['pretrained', 'whole-frame']) usual.delete(name);
  return usual;
}

/** What was set otherwise than the default, and to what. A setting that the run's version did not have is left out. */
export function differencesFromDefault(configuration: TrainingConfiguration): {name: string; value: SettingValue}[] {
  const usual = usualSettings(configuration);
  return [...settingsOf(configuration)].flatMap(([name, value]) =>
    // What is to be said of the weights follows from their name.
    name.startsWith('pretrained.') || same(value, usual.get(name) ?? (value === true ? false : null))
      ? []
      : [{name, value}],
  );
}

/** The settings in which configurations differ, with the value of each. */
export function differingSettings(configurations: readonly TrainingConfiguration[]): DifferingSetting[] {
  const all = configurations.map(settingsOf);
  const names = new Set(all.flatMap((settings) => [...settings.keys()]));
  return [...names].flatMap((name) => {
    const values = all.map((settings) => settings.get(name) ?? (name === 'whole-frame' ? false : undefined));
    return values.every((value) => same(value, values[0])) ? [] : [{name, values}];
  });
}

function flatten(value: object, prefix = ''): [string, SettingValue][] {
  return Object.entries(value).flatMap(([key, each]): [string, SettingValue][] => {
    if (typeof each === 'object' && each !== null) return flatten(each, `${prefix}${key}.`);
    return each === undefined ? [] : [[`${prefix}${key}`, each]];
  });
}

/** Shares of a split are computed from one another. */
function same(a: SettingValue | undefined, b: SettingValue | undefined): boolean {
  return typeof a === 'number' && typeof b === 'number' ? Math.abs(a - b) < 1e-12 : a === b;
}
