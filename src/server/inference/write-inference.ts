import type {Prediction} from '../../model/classifier.ts';
import {writeLengthPrefixed} from './elements.ts';
import {type OutputTensor, outputsOf} from './protocol.ts';
import type {Inference} from './read-inference.ts';

/** The answer of an inference: JSON, and behind it the tensors that were asked for as they are. */
export interface InferenceAnswer {
  json: Buffer;
  tensors: Buffer[];
}

export function writeInference(
  {id, outputs, binary}: Pick<Inference, 'id' | 'outputs' | 'binary'>,
  predictions: readonly Prediction[],
  {name, version, labels}: {name: string; version: string; labels: readonly string[]},
): InferenceAnswer {
  const all = tensorsOf(predictions, labels);
  const wanted = outputs ?? all.map((tensor) => ({name: tensor.name, binary}));
  const tensors: Buffer[] = [];
  const written = wanted.map((output) => {
    const {data, ...tensor} = all.find((each) => each.name === output.name)!;
    if (!output.binary) return {...tensor, data};
    const bytes = toBytes({...tensor, data});
    tensors.push(bytes);
    return {...tensor, parameters: {binary_data_size: bytes.length}};
  });
  const document = {model_name: name, model_version: version, ...(id === undefined ? {} : {id}), outputs: written};
  return {json: Buffer.from(JSON.stringify(document)), tensors};
}

function tensorsOf(predictions: readonly Prediction[], labels: readonly string[]): OutputTensor[] {
  const data: Record<string, OutputTensor['data']> = {
    label: predictions.map(({label}) => label),
    confidence: predictions.map(({confidence}) => confidence),
    known: predictions.map(({known}) => known),
    probabilities: predictions.flatMap(({probabilities}) => labels.map((label) => probabilities[label])),
  };
  return outputsOf(labels).map(({shape, ...tensor}) => ({
    ...{...tensor, shape: shape.map((side) => (side === -1 ? predictions.length : side))},
    data: data[tensor.name],
  }));
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
