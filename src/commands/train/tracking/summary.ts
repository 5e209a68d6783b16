import type {Evaluation} from '../../../evaluation/evaluate.ts';
import type {TrainingResult} from '../../../training/train.ts';

/** What the whole run comes to, by the names in trackers. Accuracies are shares. */
export function summaryOf({best}: TrainingResult, test: Evaluation | undefined): Record<string, number> {
  return {
    'best/epoch': best.epoch,
    'best/val_accuracy': best.accuracy,
    ...(test
      ? {
          'test/accuracy': test.accuracy,
          'test/accuracy_low': test.interval.low,
          'test/accuracy_high': test.interval.high,
          'test/images': test.images,
          'test/mistakes': test.mistakes.length,
          'test/unknown': test.unknown,
          'test/ece': test.calibration.ece,
        }
      : {}),
  };
}
