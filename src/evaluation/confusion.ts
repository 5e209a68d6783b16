/**
 * The confusion matrix: row = true label, column = predicted label, both as indices.
 *
 * @param truth true label of each image
 * @param predicted predicted label of each image, of the same length
 * @param classes number of labels
 * @returns classes x classes counts
 */
export function confusionMatrix(truth: ArrayLike<number>, predicted: ArrayLike<number>, classes: number): number[][] {
  if (truth.length !== predicted.length) throw new RangeError('truth and predictions differ in length');
  const matrix = Array.from({length: classes}, () => new Array<number>(classes).fill(0));
  for (let i = 0; i < truth.length; i++) matrix[truth[i]][predicted[i]] += 1;
  return matrix;
}
