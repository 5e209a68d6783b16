import type {ObservedEpoch} from '../training/observer.ts';

const HEADER = 'epoch,train/loss,val/loss,val/accuracy,lr,images_per_second';

/**
 * The epochs of a run as CSV (RFC 4180, but with line feeds), a row each: numbers as JavaScript writes them, which read back
 * as they were. `images_per_second` is empty where an earlier version did not record it.
 */
export function resultsTable(epochs: readonly ObservedEpoch[]): string {
  const rows = epochs.map(({epoch, loss, validationLoss, validationAccuracy, learningRate, imagesPerSecond}) =>
    [epoch, loss, validationLoss, validationAccuracy, learningRate, imagesPerSecond?.toFixed(1) ?? ''].join(','),
  );
  return `${[HEADER, ...rows].join('\n')}\n`;
}
