import {RiceError} from '../../common/errors.ts';

/** How far a row of probabilities may sum from 1: quantized networks round coarsely. */
const TOLERANCE = 0.01;
/** Scores that sum to 1 within this are probabilities, not logits. */
const CLOSE = 1e-4;

/** Softmax of logits divided by the temperature. */
export function softmax(logits: Float32Array, temperature: number): Float32Array {
  const most = Math.max(...logits);
  const powers = Float64Array.from(logits, (logit) => Math.exp((logit - most) / temperature));
  return normalized(powers);
}

/**
 * Checks a graph's probabilities, normalizes their sum to 1, and applies a temperature as if it had divided the logits.
 *
 * @param model path of the .onnx file, for the message
 * @throws RiceError MODEL_DESCRIPTION if the numbers are not probabilities
 */
export function checkedProbabilities(row: Float32Array, temperature: number, model: string): Float32Array {
  const sum = row.reduce((total, value) => total + value, 0);
  const lowest = Math.min(...row);
  if (Math.abs(sum - 1) > TOLERANCE || lowest < -TOLERANCE)
    throw new RiceError(
      'MODEL_DESCRIPTION',
      `${model} is described as giving probabilities, but its outputs sum to ${round(sum)} (lowest ${round(lowest)})`,
      {suggestions: ['Set output to "logits" in the JSON file: rice then takes the softmax.']},
    );
  return normalized(Float64Array.from(row, (value) => Math.max(0, value) ** (1 / temperature)));
}

/** Whether all rows look like the output of a softmax. */
export function lookLikeProbabilities(rows: Float32Array[]): boolean {
  return rows.every((row) => {
    const sum = row.reduce((total, value) => total + value, 0);
    return Math.abs(sum - 1) < CLOSE && row.every((value) => value >= 0);
  });
}

function normalized(values: Float64Array): Float32Array {
  const sum = values.reduce((total, value) => total + value, 0);
  return Float32Array.from(values, (value) => value / sum);
}

const round = (value: number) => Number(value.toPrecision(3));
