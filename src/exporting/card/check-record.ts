import {RiceError} from '../../common/errors.ts';
import type {RiceMetadata} from '../../model/metadata.ts';

/**
 * What a model file says of its training is not needed to use it, and so not checked when it is read.
 *
 * @throws RiceError MODEL_METADATA
 */
export function checkRecord({name, version, training, accuracy}: Partial<RiceMetadata>, path: string): void {
  const wrong = Object.entries({
    name: typeof name === 'string' && typeof version === 'string',
    'training.network': [training?.network, training?.device, training?.onnxruntime].every(isText),
    'training.parameters': [training?.parameters, training?.seed, training?.epochs].every(Number.isFinite),
    'training.dataset': isText(training?.dataset?.digest) && Number.isFinite(training?.dataset?.images),
    'training.dataset.labels': isNumbers(training?.dataset?.labels),
    'training.split': Number.isFinite(training?.split?.seed) && isNumbers(training?.split?.fractions),
    'training.date': [training?.date, training?.weights].every(isText),
    'training.configuration': isObject(training?.configuration),
    'accuracy.validation': isMeasured(accuracy?.validation),
    'accuracy.test': accuracy?.test === undefined || isMeasured(accuracy.test),
  }).find(([, right]) => !right);
  if (wrong)
    throw new RiceError('MODEL_METADATA', `${path} does not say how it was trained: ${wrong[0]} is not usable`);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function isNumbers(value: unknown): boolean {
  return isObject(value) && Object.values(value).every(Number.isFinite);
}

function isMeasured(value: unknown): boolean {
  const {images, accuracy} = (isObject(value) ? value : {}) as {images?: number; accuracy?: number};
  return Number.isInteger(images) && images! >= 0 && Number.isFinite(accuracy) && accuracy! >= 0 && accuracy! <= 1;
}
