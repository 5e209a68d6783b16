import {defined} from '../../common/defined.ts';
import type {Prediction} from '../../model/classifier.ts';
import {isScore} from '../../model/outputs.ts';
import {writeLengthPrefixed} from './elements.ts';
import {FEATURES_OUTPUT, type OutputTensor, type TensorDescription} from './protocol.ts';
import type {Inference} from './read-inference.ts';

/** The answer to an inference request: JSON, followed by the tensors requested as binary. */
export interface InferenceAnswer {
  json: Buffer;
  tensors: Buffer[];
}

export function writeInference(
  {id, outputs, binary}: Pick<Inference, 'id' | 'outputs' | 'binary'>,
  predictions: readonly Prediction[],
  {name, version, labels}: {name: string; version: string; labels: readonly string[]},
  known: readonly TensorDescription[],
): InferenceAnswer {
  const usual = known.filter((output) => output.name !== FEATURES_OUTPUT);
  const wanted = outputs ?? usual.map((output) => ({name: output.name, binary}));
  const tensors: Buffer[] = [];
  const written = wanted.map((output) => {
    const {data, ...tensor} = tensorOf(known.find((each) => each.name === output.name)!, predictions, labels);
    if (!output.binary) return {...tensor, data};
    const bytes = toBytes({...tensor, data});
    tensors.push(bytes);
    return {...tensor, parameters: {binary_data_size: bytes.length}};
  });
  const document = {model_name: name, model_version: version, ...defined({id}), outputs: written};
  return {json: Buffer.from(JSON.stringify(document)), tensors};
}

function tensorOf(
  {name, datatype, shape}: TensorDescription,
  predictions: readonly Prediction[],
  labels: readonly string[],
): OutputTensor {
  const data = predictions.flatMap((prediction) => valuesOf(prediction, name, labels));
  const [, ...sides] = shape;
  // Dimensions that the model leaves open follow from the data.
  const columns = sides.map((side) => (side === -1 ? data.length / predictions.length : side));
  return {name, datatype, shape: [predictions.length, ...columns], data};
}

function valuesOf(prediction: Prediction, name: string, labels: readonly string[]): (string | number | boolean)[] {
  const {label, confidence, known, probabilities, features, ...scores} = prediction;
  if (name === 'probabilities') return labels.map((each) => probabilities[each]);
  if (name === FEATURES_OUTPUT) return [...features!];
  if (isScore(name)) return [scores[name]!];
  return [{label, confidence, known}[name as 'label' | 'confidence' | 'known']];
}

function toBytes({datatype, data}: OutputTensor): Buffer {
  if (datatype === 'BYTES') return writeLengthPrefixed(data as string[]);
  if (datatype === 'BOOL') return Buffer.from(data.map(Number));
  const bytes = Buffer.alloc(data.length * 4);
  data.forEach((value, i) => {
    bytes.writeFloatLE(value as number, i * 4);
  });
  return bytes;
}
