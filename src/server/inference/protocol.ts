import type {ModelOutputs} from '../../model/outputs.ts';

/** The Open Inference Protocol v2, as KServe, Triton and others speak it, with the binary tensor extension. */

/** The header with the length of the JSON at the start of a body; binary tensors follow it. */
export const JSON_LENGTH_HEADER = 'inference-header-content-length';

export interface TensorDescription {
  name: string;
  datatype: 'BYTES' | 'UINT8' | 'FP32' | 'BOOL';
  /** -1 stands for the number of pictures. */
  shape: number[];
}

/** An output tensor with its data. */
export interface OutputTensor extends TensorDescription {
  data: readonly (string | number | boolean)[];
}

/** Input of encoded pictures, one element each. */
export const ENCODED_INPUT = 'encoded';
/** Input of prepared windows, as the network takes them. */
export const WINDOW_INPUT = 'image';

export function inputsOf({width, height}: {width: number; height: number}): TensorDescription[] {
  return [
    {name: ENCODED_INPUT, datatype: 'BYTES', shape: [-1]},
    {name: WINDOW_INPUT, datatype: 'UINT8', shape: [-1, height, width, 3]},
  ];
}

/** Returned only if requested by name, because it is large and rarely needed. */
export const FEATURES_OUTPUT = 'features';

export function outputsOf(labels: readonly string[], {scores, features}: ModelOutputs): TensorDescription[] {
  const further = scores.map((name): TensorDescription => ({name, datatype: 'FP32', shape: [-1]}));
  if (features !== 0) further.push({name: FEATURES_OUTPUT, datatype: 'FP32', shape: [-1, features]});
  return [
    {name: 'label', datatype: 'BYTES', shape: [-1]},
    {name: 'confidence', datatype: 'FP32', shape: [-1]},
    {name: 'known', datatype: 'BOOL', shape: [-1]},
    {name: 'probabilities', datatype: 'FP32', shape: [-1, labels.length]},
    ...further,
  ];
}
