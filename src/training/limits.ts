import type {EpochMetrics, Progress} from './artifact/checkpoint.ts';

/** What ends a training before its last epoch. */
export interface TrainingLimits {
  /** Epochs in a row without a better one after which the training ends. */
  patience?: number;
  /** Minutes for everything, from the first look at the pictures to the measured model. */
  maxMinutes?: number;
}

/**
 * Whether an epoch is better than the best so far: by validation accuracy, then by validation loss.
 */
export function isBetter(
  {validationAccuracy: accuracy, validationLoss: loss}: Pick<EpochMetrics, 'validationAccuracy' | 'validationLoss'>,
  best: {accuracy: number; loss: number} | undefined,
): boolean {
  return !best || accuracy > best.accuracy || (accuracy === best.accuracy && loss < best.loss);
}

/**
 * Whether so many epochs in a row were no better that the training should end. Epochs count from the best one on, or from
 * where the run was extended, so that a longer run gets its chance. It follows from the checkpoint alone: a resumed run ends
 * in the same epoch.
 */
export function isExhausted({history, best, since = 0}: Progress, patience: number | undefined): boolean {
  return patience !== undefined && best !== undefined && history.length - Math.max(best.epoch, since) >= patience;
}
