import type {Comparison} from '../types.ts';
import {type Answers, mostProbable} from './answers.ts';

/** How far the probabilities of two models for the same windows differ. */
export function compareAnswers(one: Answers, other: Answers): Omit<Comparison, 'drawn'> {
  const images = one.probabilities.length;
  let same = 0;
  let largestDifference = 0;
  one.probabilities.forEach((row, i) => {
    const others = other.probabilities[i];
    if (mostProbable(row) === mostProbable(others)) same++;
    row.forEach((probability, label) => {
      largestDifference = Math.max(largestDifference, Math.abs(probability - others[label]));
    });
  });
  return {images, agreement: same / images, largestDifference};
}
