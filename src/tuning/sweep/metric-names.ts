import {RiceError} from '../../common/errors.ts';
import {nearest} from '../../common/nearest-word.ts';
import type {MetricName} from './sweep.ts';

/** What people call the metrics of a training, in lower case without anything between the words. */
const NAMES: Record<MetricName, readonly string[]> = {
  'val/loss': ['valloss', 'validationloss', 'evalloss', 'loss'],
  'val/accuracy': [
    'valaccuracy',
    'valacc',
    'validationaccuracy',
    'validationacc',
    'evalaccuracy',
    'evalacc',
    'evaltop1',
    'valtop1',
    'metricsaccuracytop1',
    'accuracy',
    'acc',
  ],
  'train/loss': ['trainloss', 'trainingloss'],
  'train/accuracy': ['trainaccuracy', 'trainacc', 'trainingaccuracy'],
};

/**
 * The metric that a sweep means: `val/accuracy` is also `val_acc`, `validation_accuracy` or `eval/top1`. A bare loss or
 * accuracy is that of the validation part, the only one to choose by.
 *
 * @throws RiceError USAGE for a metric of the test part, and for others
 */
export function metricNamed(name: string): MetricName {
  const bare = name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  for (const [metric, names] of Object.entries(NAMES)) if (names.includes(bare)) return metric as MetricName;
  if (bare.startsWith('test')) {
    throw new RiceError('USAGE', `${name} cannot be searched by: the test part would no longer measure anything new`, {
      suggestions: ['Write val/accuracy or val/loss.'],
    });
  }
  const near = nearest(name, Object.keys(NAMES));
  throw new RiceError('USAGE', `a training has no metric ${name}`, {
    suggestions: [...(near ? [`Did you mean ${near}?`] : []), `There are ${Object.keys(NAMES).join(', ')}.`],
  });
}
