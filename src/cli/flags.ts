import {availableParallelism} from 'node:os';
import {Flags, type Interfaces} from '@oclif/core';
import {defined} from '../common/defined.ts';
import {RiceError} from '../common/errors.ts';
import {DEFAULT_MAX_PIXELS} from '../image/limits.ts';
import type {ClassifierOptions} from '../model/classifier.ts';
import {DEVICE_CHOICES} from '../model/devices.ts';
import {DEFAULT_TRUST, TRUSTS} from '../model/trust.ts';

/** A flag for a file or folder. In a configuration file, the path is relative to that file. */
export const pathFlag = Flags.custom<string>({helpValue: 'PATH', parse: parsePath});

export function isPathFlag(flag: {parse?: unknown}): boolean {
  return flag.parse === parsePath;
}

async function parsePath(input: string): Promise<string> {
  if (input === '') throw new RiceError('USAGE', 'expected a path, got an empty string');
  return input;
}

const EFFECTIVE = Symbol('the default that holds where a flag has none');

/** Gives a flag a default for `rice config` to show; the command itself sees whether the flag was given. */
export function withEffectiveDefault<Flag extends object>(flag: Flag, value: () => unknown): Flag {
  return Object.assign(flag, {[EFFECTIVE]: value});
}

export function effectiveDefault(flag: object): unknown {
  return (flag as {[EFFECTIVE]?: () => unknown})[EFFECTIVE]?.();
}

/** A flag for a name or the like, which may not be blank. */
export const textFlag = Flags.custom<string>({
  async parse(input) {
    if (input.trim() === '') throw new RiceError('USAGE', 'expected a text that is not blank');
    return input;
  },
});

type Range = {
  min?: number;
  max?: number;
};

/** A flag for a whole number from `min` to `max`, both included. */
export const integerFlag = Flags.custom<number, Range>({
  helpValue: 'N',
  async parse(input, _, {min, max}) {
    if (!/^-?\d+$/.test(input)) throw new RiceError('USAGE', `expected a whole number, got "${input}"`);
    return within(Number(input), input, {min, max});
  },
});

/** A flag for a number from `min` to `max`, both included. */
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

/** Flags that several commands share; in a configuration file they are top-level keys. */
export const sharedFlags = {
  model: pathFlag({
    description:
      'model file, run folder of rice train or name of a run in runs/, last for the newest of these, best for the one most accurate in validation, or an external .onnx classifier with a .json file beside it (docs/external-models.md) [default: the model that comes with rice]',
    helpValue: 'FILE',
  }),
  device: Flags.option({options: DEVICE_CHOICES})({
    description: 'where to compute; auto uses the fastest device that works here',
    default: 'auto',
  }),
  threads: withEffectiveDefault(
    integerFlag({
      description: 'CPU threads to compute with [default: one per core]',
      min: 1,
      max: 1024,
    }),
    availableParallelism,
  ),
  trust: Flags.option({options: TRUSTS})({
    description:
      "when to accept an answer: any-camera for everybody's pictures, same-camera for pictures like those that the model was trained on, in which size and color tell more of what is new",
    default: DEFAULT_TRUST,
  }),
  'max-pixels': integerFlag({
    description: 'reject pictures with more pixels than this, before decoding them',
    default: DEFAULT_MAX_PIXELS,
    min: 1,
  }),
};

/** For commands that read labeled pictures. */
export const labelsFromFlag = pathFlag({
  description:
    'read the labels from a CSV file with a header and columns for path, label and, optionally, split (train, val, test); paths start from DIR',
  helpValue: 'LABELS.csv',
});

/** For commands that read labeled pictures: what a person corrected of the labels. */
export const correctionsFlag = pathFlag({
  description:
    'apply a list of corrections: other labels for some pictures, and others left out; the folder stays as it is (docs/audit.md)',
  helpValue: 'corrections.csv',
});

/** The shared flags as options of `Classifier.load`, which has defaults for omitted ones. */
export function classifierOptions(flags: Interfaces.InferredFlags<typeof sharedFlags>): ClassifierOptions {
  const {model, device, threads, trust, 'max-pixels': maxPixels} = flags;
  return {
    device,
    trust,
    maxPixels,
    ...defined({model, threads}),
  };
}

/** Settings that may be top-level keys of a configuration file, for all commands. */
export const SHARED_FLAGS: readonly string[] = [...Object.keys(sharedFlags), 'quiet', 'no-color'];

/** Flags that only make sense for a single call, and so cannot be set by variables or files. */
export const UNSETTABLE_FLAGS: readonly string[] = [
  'json',
  'output',
  'help',
  'version',
  'yes',
  'dry-run',
  'other-platforms',
];
