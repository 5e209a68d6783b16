import type {Part} from './split.ts';

/** What the parts of a split are called in folders and lists. */
const PART_NAMES: Readonly<Record<string, Part>> = {
  train: 'train',
  training: 'train',
  val: 'validation',
  valid: 'validation',
  validation: 'validation',
  dev: 'validation',
  test: 'test',
  testing: 'test',
  eval: 'test',
};

/** The part of a split that a name stands for, in any case. */
export function partNamed(name: string): Part | undefined {
  const plain = name.trim().toLowerCase();
  return Object.hasOwn(PART_NAMES, plain) ? PART_NAMES[plain] : undefined;
}
