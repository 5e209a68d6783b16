import type {Tensor} from 'onnxruntime-node';
import {RiceError} from '../common/errors.ts';

/** The rows of a float32 matrix, as views into it. */
export function rowsOf(tensor: Tensor, columns: number): Float32Array[] {
  const data = tensor.data as Float32Array;
  return Array.from({length: data.length / columns}, (_, row) => data.subarray(row * columns, (row + 1) * columns));
}

/**
 * The scores that a model written by rice gave, a row a picture: checked for what a graph may leave open until it runs.
 *
 * @param model path of the .onnx file, for messages
 * @throws RiceError MODEL_INVALID where they are not one number for each picture and label
 */
export function scoreRows(tensor: Tensor, pictures: number, labels: number, model: string): Float32Array[] {
  const {dims} = tensor;
  if (dims.length !== 2 || dims[0] !== pictures || dims[1] !== labels)
    throw new RiceError(
      'MODEL_INVALID',
      `${model} gave probabilities [${dims.join(', ')}] for ${pictures} pictures and ${labels} labels`,
    );
  const rows = rowsOf(tensor, labels);
  if (rows.some((row) => !row.every(Number.isFinite)))
    throw new RiceError('MODEL_INVALID', `${model} gave probabilities that are no numbers`, {
      suggestions: ['Its weights are damaged, or were never trained: take another copy of the file.'],
    });
  return rows;
}
