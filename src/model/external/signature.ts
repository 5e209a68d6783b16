import type {InferenceSession} from 'onnxruntime-node';
import {RiceError} from '../../common/errors.ts';
import type {Layout} from '../../image/resize/to-tensor.ts';
import type {Description} from './description.ts';

type ValueMetadata = InferenceSession.ValueMetadata;
type Shape = readonly (number | string)[];

/** Names and layout of a graph's input and output. */
export interface Signature {
  input: string;
  output: string;
  layout: Layout;
  /** The graph's fixed batch size, if it has one. */
  batch: number | undefined;
}

/** The part of a session that is needed here. */
export type Described = Pick<InferenceSession, 'inputMetadata' | 'outputMetadata'>;

/**
 * Checks a graph against its description.
 *
 * @param model path of the .onnx file, for messages
 * @throws RiceError MODEL_INVALID if the graph is not an image classifier, MODEL_DESCRIPTION if graph and description
 *   contradict each other
 */
export function signatureOf(session: Described, description: Description, model: string): Signature {
  const input = onlyValue(session.inputMetadata, 'input', session, model);
  const output = onlyValue(session.outputMetadata, 'output', session, model);
  checkType(input, 4, 'a batch of pictures, float32 of rank 4', session, model);
  checkType(output, 2, 'float32 [N, labels]; detectors and segmentation models are not supported', session, model);
  const shape = shapeOf(input);
  const layout = layoutOf(shape, description, model);
  checkSize(shape, layout, description, model);
  checkLabels(shapeOf(output), description, model);
  const batch = shape[0];
  return {input: input.name, output: output.name, layout, batch: isSize(batch) ? batch : undefined};
}

/** Describes inputs and outputs with their shapes: `input "x" float32 [N, 3, 224, 224], output "y" float32 [N, 5]`. */
export function describeValues({inputMetadata, outputMetadata}: Described): string {
  const describe = (kind: string) => (value: ValueMetadata) => `${kind} ${describeValue(value)}`;
  return [...inputMetadata.map(describe('input')), ...outputMetadata.map(describe('output'))].join(', ');
}

function describeValue(value: ValueMetadata): string {
  if (!value.isTensor) return `"${value.name}" (not a tensor)`;
  const {name, type, shape} = value;
  return `"${name}" ${type} ${shape.length === 0 ? '(shape not known)' : `[${shape.map((size) => size || '?').join(', ')}]`}`;
}

function onlyValue(values: readonly ValueMetadata[], kind: string, session: Described, model: string): ValueMetadata {
  if (values.length === 1) return values[0];
  throw invalid(model, `it must have one ${kind}, not ${values.length}`, session);
}

/** Rank 0 means that the graph does not declare the shape. */
function checkType(value: ValueMetadata, rank: number, wanted: string, session: Described, model: string): void {
  const fits = value.isTensor && value.type === 'float32' && [0, rank].includes(value.shape.length);
  if (!fits) throw invalid(model, `"${value.name}" must be ${wanted}`, session);
}

function layoutOf(shape: Shape, {format, path}: Description, model: string): Layout {
  if (format.layout) return format.layout;
  const [, second, , last] = shape;
  if (second === 3 && last !== 3) return 'nchw';
  if (last === 3 && second !== 3) return 'nhwc';
  if (shape.length > 0 && isSize(second) && isSize(last) && second !== 3)
    throw new RiceError(
      'MODEL_INVALID',
      `the input of ${model} is not a picture of three channels: ${describeShape(shape)}`,
    );
  throw new RiceError(
    'MODEL_DESCRIPTION',
    `${path}: input.layout is missing, and cannot be derived from the model's input ${describeShape(shape)}`,
    {suggestions: ['Set input.layout to "nchw" (PyTorch) or "nhwc" (TensorFlow, Keras).']},
  );
}

function checkSize(shape: Shape, layout: Layout, {format, path}: Description, model: string): void {
  const {width, height} = format;
  const wanted = layout === 'nchw' ? [3, height, width] : [height, width, 3];
  if (wanted.every((size, i) => !isSize(shape[i + 1]) || shape[i + 1] === size)) return;
  throw new RiceError(
    'MODEL_DESCRIPTION',
    `${path} says width ${width}, height ${height}, ${layout}, which is [N, ${wanted.join(', ')}]; ` +
      `the input of ${model} is ${describeShape(shape)}`,
    {suggestions: ['Correct width, height and layout under input.']},
  );
}

function checkLabels(shape: Shape, {labels, path}: Description, model: string): void {
  const columns = shape[1];
  if (isSize(columns) && columns !== labels.length) throw labelMismatch(path, labels.length, columns, model);
}

/** The error for a number of labels that differs from the number of outputs. */
export function labelMismatch(path: string, labels: number, columns: number, model: string): RiceError {
  return new RiceError('MODEL_DESCRIPTION', `${path} has ${labels} labels, but ${model} has ${columns} outputs`, {
    suggestions: ['Give one label for each output, in the order of the outputs.'],
  });
}

function invalid(model: string, reason: string, session: Described): RiceError {
  return new RiceError('MODEL_INVALID', `${model} cannot be used: ${reason}. It has ${describeValues(session)}`, {
    suggestions: [
      'Export the network with one input, a float32 batch of pictures, and one output with a score for each label.',
    ],
  });
}

function shapeOf(value: ValueMetadata): Shape {
  return value.isTensor ? value.shape : [];
}

/** A name or a negative number means that the size is not known before the graph runs. */
function isSize(size: number | string | undefined): size is number {
  return typeof size === 'number' && size > 0;
}

function describeShape(shape: Shape): string {
  return shape.length === 0 ? 'of unknown shape' : `[${shape.map((size) => size || '?').join(', ')}]`;
}
