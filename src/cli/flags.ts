import {Flags, type Interfaces} from '@oclif/core';
import {defined} from '../common/defined.ts';
import {RiceError} from '../common/errors.ts';
import {DEFAULT_MAX_PIXELS} from '../image/limits.ts';
import type {ClassifierOptions} from '../model/classifier.ts';
import {DEVICE_CHOICES} from '../model/devices.ts';

/** A flag that names a file or folder; in a configuration file it is relative to that file. */
export const pathFlag = Flags.custom<string>({helpValue: 'PATH', parse: parsePath});

export function isPathFlag(flag: {parse?: unknown}): boolean {
  return flag.parse === parsePath;
}

async function parsePath(input: string): Promise<string> {
  if (input === '') throw new RiceError('USAGE', 'expected a path, got nothing');
  return input;
}

type Range = {
  min?: number;
  max?: number;
};

/** A flag with a whole number between `min` and `max` (both inclusive). */
export const integerFlag = Flags.custom<number, Range>({
  helpValue: 'N',
  async parse(input, _, {min, max}) {
    if (!/^-?\d+$/.test(input)) throw new RiceError('USAGE', `expected a whole number, got "${input}"`);
    return within(Number(input), input, {min, max});
  },
});

/** A flag with a number between `min` and `max` (both inclusive). */
export const numberFlag = Flags.custom<number, Range>({
  helpValue: 'X',
  async parse(input, _, {min, max}) {
    const value = Number(input);
    if (input.trim() === '' || !Number.isFinite(value))
      throw new RiceError('USAGE', `expected a number, got "${input}"`);
    return within(value, input, {min, max});
  },
});

function within(
  value: number,
  input: string,
  {min, max}: {min?: number | undefined; max?: number | undefined},
): number {
  if ((min !== undefined && value < min) || (max !== undefined && value > max)) {
    const range =
      max === undefined ? `at least ${min}` : min === undefined ? `at most ${max}` : `between ${min} and ${max}`;
    throw new RiceError('OUT_OF_RANGE', `${input} is out of range: it must be ${range}`);
  }
  return value;
}

/** Flags that several commands have in common; in a configuration file they stand at the top. */
export const sharedFlags = {
  model: pathFlag({
    description:
      'model file or run folder of rice train, last for the newest run in runs/, or an external .onnx classifier with a .json file beside it (docs/external-models.md) [default: the model that ships with rice]',
    helpValue: 'FILE',
  }),
  device: Flags.option({options: DEVICE_CHOICES})({
    description: 'where to compute; auto takes the fastest that works here',
    default: 'auto',
  }),
  threads: integerFlag({
    description: 'CPU threads to compute with [default: one per core]',
    min: 1,
    max: 1024,
  }),
  'max-pixels': integerFlag({
    description: 'refuse images with more pixels than this, before decoding them',
    default: DEFAULT_MAX_PIXELS,
    min: 1,
  }),
};

/** For commands that read labeled pictures. */
export const labelsFromFlag = pathFlag({
  description:
    'take the labels from a list with a header and columns of paths, labels and, if there is one, parts (train, val, test); paths start from DIR',
  helpValue: 'LABELS.csv',
});

/** The shared flags as the options of `Classifier.load`, which takes its own defaults for what is left out. */
export function classifierOptions(flags: Interfaces.InferredFlags<typeof sharedFlags>): ClassifierOptions {
  const {model, device, threads, 'max-pixels': maxPixels} = flags;
  return {
    device,
    maxPixels,
    ...defined({model, threads}),
  };
}

/** Names of the settings that may stand at the top of a configuration file, for all commands. */
export const SHARED_FLAGS: readonly string[] = [...Object.keys(sharedFlags), 'quiet', 'no-color'];

/** Flags that say something about one call only, and so are no settings. */
export const UNSETTABLE_FLAGS: readonly string[] = ['json', 'output', 'help', 'version'];
