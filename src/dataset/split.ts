import {createHash} from 'node:crypto';
import {RiceError} from '../common/errors.ts';
import type {FileHash} from './digest.ts';

export const PARTS = ['train', 'validation', 'test'] as const;
export type Part = (typeof PARTS)[number];

/** Shares of the whole, each from 0 to 1, together 1. */
export type Fractions = Record<Part, number>;

export const DEFAULT_FRACTIONS: Fractions = {train: 0.8, validation: 0.1, test: 0.1};

/**
 * The part that a file belongs to, from its content and the seed alone: neither its name, nor its place, nor what else
 * is in the dataset matters. So duplicates land together, and a file stays where it is when others are added or renamed.
 *
 * A number uniform in [0, 1) is taken from SHA-256(seed, content's SHA-256) and held against the fractions. It does not
 * depend on the label, so each label is divided in the same proportions up to chance: of n images of a label, a part of
 * share p gets np with a standard deviation of sqrt(np(1-p)), 33 of 1,200 for a tenth of 12,000.
 *
 * @param sha256 of the file's bytes, in hexadecimal
 */
export function partOf(sha256: string, splitSeed: number, fractions: Fractions = DEFAULT_FRACTIONS): Part {
  const position = uniform(sha256, splitSeed);
  if (position < fractions.train) return 'train';
  return position < fractions.train + fractions.validation ? 'validation' : 'test';
}

/**
 * Divides a dataset: for each part the indices of its files, in the dataset's order.
 *
 * @throws RiceError OUT_OF_RANGE when the fractions are not shares of one whole
 */
export function splitDataset(
  hashes: readonly Pick<FileHash, 'sha256'>[],
  splitSeed: number,
  fractions: Fractions = DEFAULT_FRACTIONS,
): Record<Part, number[]> {
  checkFractions(fractions);
  const parts: Record<Part, number[]> = {train: [], validation: [], test: []};
  hashes.forEach(({sha256}, index) => {
    parts[partOf(sha256, splitSeed, fractions)].push(index);
  });
  return parts;
}

export function checkFractions(fractions: Fractions): void {
  const values = PARTS.map((part) => fractions[part]);
  const sum = values.reduce((total, value) => total + value, 0);
  if (values.every((value) => value >= 0 && value <= 1) && Math.abs(sum - 1) < 1e-9) return;
  throw new RiceError('OUT_OF_RANGE', `the fractions ${values.join(', ')} of the split do not add up to 1`, {
    suggestions: ['Give three shares from 0 to 1 that add up to 1, for example 0.8, 0.1 and 0.1.'],
  });
}

/** 48 bits of SHA-256 as a number in [0, 1). */
function uniform(sha256: string, splitSeed: number): number {
  const digest = createHash('sha256').update(`rice split ${splitSeed} ${sha256}`).digest();
  return digest.readUIntBE(0, 6) / 2 ** 48;
}
