import {basename} from 'node:path';
import {RiceError} from '../../common/errors.ts';
import {FITS, INTERPOLATIONS} from '../../image/resize/fit-image.ts';
import {CHANNEL_ORDERS, LAYOUTS} from '../../image/resize/to-tensor.ts';
import type {Resize} from '../metadata.ts';
import {type Description, OUTPUTS} from './description.ts';
import {Fields} from './fields.ts';

const RESIZES = [...FITS, 'aligned-grain'] as const satisfies readonly Resize[];

const KEYS = [
  '$schema',
  'name',
  'version',
  'labels',
  'input',
  'mean',
  'std',
  'resize',
  'cropPct',
  'fill',
  'interpolation',
  'output',
  'temperature',
  'unknown',
];
const INPUT_KEYS = ['width', 'height', 'layout', 'channels', 'range'];

/** The same limits as for rice's own models. */
const SIDE = {min: 1, max: 4096, whole: true};

/**
 * Parses the JSON document beside a model. Keys for which a wrong guess would give silently wrong answers (labels, size,
 * resize, output) have no default.
 *
 * @param model path of the .onnx file, from which the default name is derived
 * @throws RiceError MODEL_DESCRIPTION, naming the key, what was expected and what was found
 */
export function parseDescription(text: string, path: string, model: string): Description {
  const fields = new Fields(parseJson(text, path), path, KEYS);
  const input = fields.object('input', INPUT_KEYS);
  const resize = fields.choice('resize', RESIZES);
  rejectUnusedKeys(fields, resize);
  return {
    path,
    name: fields.text('name', basename(model).replace(/\.onnx$/i, '') || 'model'),
    version: fields.text('version', '0.0.0'),
    labels: fields.names('labels'),
    format: {
      width: input.number('width', SIDE),
      height: input.number('height', SIDE),
      layout: input.has('layout') ? input.choice('layout', LAYOUTS) : undefined,
      channels: input.choice('channels', CHANNEL_ORDERS, 'rgb'),
      range: input.choice('range', [1, 255], 1) as 1 | 255,
      mean: fields.triple('mean', {}, 0),
      std: fields.triple('std', {above: 0}, 1),
    },
    resize,
    fitting: {
      cropPct: fields.number('cropPct', {above: 0, max: 1}, 1),
      fill: fields.triple('fill', {min: 0, max: 255, whole: true}, 0),
      interpolation: fields.choice('interpolation', INTERPOLATIONS, 'bilinear'),
    },
    output: fields.choice('output', OUTPUTS),
    temperature: fields.number('temperature', {above: 0}, 1),
    unknown: {confidence: fields.object('unknown', ['confidence'], {}).number('confidence', {min: 0, max: 1}, 0)},
  };
}

function rejectUnusedKeys(fields: Fields, resize: Resize): void {
  if (resize !== 'crop') fields.refuse('cropPct', `with resize "${resize}", only with "crop"`);
  if (resize !== 'letterbox') fields.refuse('fill', `with resize "${resize}", only with "letterbox"`);
  if (resize === 'aligned-grain') fields.refuse('interpolation', 'with resize "aligned-grain", which has its own');
}

function parseJson(text: string, path: string): unknown {
  try {
    // Some Windows editors write a byte order mark.
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new RiceError('MODEL_DESCRIPTION', `${path} is not JSON: ${(error as Error).message}`, {cause: error});
  }
}
