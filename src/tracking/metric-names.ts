/** The names of what is measured after an epoch, as other tools call it too, for dashboards that exist already. */

export const METRIC_NAMES = ['rice', 'timm', 'ultralytics'] as const;
export type MetricNames = (typeof METRIC_NAMES)[number];

export interface EpochValues {
  epoch: number;
  loss: number;
  accuracy: number;
  validationLoss: number;
  validationAccuracy: number;
  learningRate: number;
  /** Missing where it was not recorded. */
  imagesPerSecond?: number;
}

/** With so many labels, the right one is always among the five most probable. */
const FIVE = 5;

/**
 * The metrics of an epoch by name: always those of rice, with shares from 0 to 1, and beside them those of another tool.
 * timm gives accuracies in percent (timm/utils/summary.py), Ultralytics as shares (callbacks of its trainer).
 *
 * @param labels the number of labels: the accuracy of five answers is only known where there are at most five
 */
export function namedMetrics(values: EpochValues, names: MetricNames, labels: number): Record<string, number> {
  const {epoch, loss, accuracy, validationLoss, validationAccuracy, learningRate, imagesPerSecond} = values;
  const own = {
    epoch,
    'train/loss': loss,
    'train/accuracy': accuracy,
    'val/loss': validationLoss,
    'val/accuracy': validationAccuracy,
    lr: learningRate,
    ...(imagesPerSecond === undefined ? {} : {images_per_second: imagesPerSecond}),
  };
  if (names === 'timm')
    return {
      ...own,
      train_loss: loss,
      eval_loss: validationLoss,
      eval_top1: validationAccuracy * 100,
      ...(labels <= FIVE ? {eval_top5: 100} : {}),
    };
  if (names === 'ultralytics')
    return {
      ...own,
      'metrics/accuracy_top1': validationAccuracy,
      ...(labels <= FIVE ? {'metrics/accuracy_top5': 1} : {}),
      'lr/pg0': learningRate,
    };
  return own;
}
