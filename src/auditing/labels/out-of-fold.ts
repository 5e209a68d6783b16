import {discriminate, fitDiscriminant, type Rows} from './linear-discriminant.ts';

/** 32 bits of a picture's SHA-256 decide. */
const DIGITS = 8;

/**
 * The fold of each picture, from 0 to `folds - 1`, by its content alone: copies of a picture stand in one fold, so that no
 * classifier has seen what it is asked about.
 *
 * @param hashes SHA-256 in hexadecimal
 */
export function foldsOf(hashes: readonly {sha256: string}[], folds: number): Uint16Array {
  return Uint16Array.from(hashes, ({sha256}) => Number.parseInt(sha256.slice(0, DIGITS), 16) % folds);
}

/**
 * Probabilities of pictures by a linear discriminant of their features that was fitted to the pictures of other folds.
 *
 * @param only the fold to answer for
 * @returns one row of probabilities for each picture of the fold, in the order of the pictures
 */
export function foldProbabilities(
  features: Rows,
  given: ArrayLike<number>,
  folds: ArrayLike<number>,
  only: number,
  classes: number,
): Float64Array {
  const [learned, asked]: [number[], number[]] = [[], []];
  for (let i = 0; i < folds.length; i++) (folds[i] === only ? asked : learned).push(i);
  const answers = new Float64Array(asked.length * classes);
  if (asked.length === 0) return answers;
  const discriminant = fitDiscriminant(features, given, learned, classes);
  for (const [at, row] of asked.entries()) discriminate(discriminant, features, row, answers, at * classes);
  return answers;
}
