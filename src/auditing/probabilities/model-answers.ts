import {join} from 'node:path';
import {RiceError} from '../../common/errors.ts';
import type {Dataset} from '../../dataset/dataset.ts';
import type {FileError} from '../../dataset/file-error.ts';
import type {HashedDataset} from '../../dataset/hash-dataset.ts';
import type {Classifier, ClassifierOptions, Prediction} from '../../model/classifier.ts';
import {classifyPictures} from '../../prediction/classify-pictures.ts';
import {PORTION} from '../../prediction/picture.ts';
import {RecordStore} from '../store/record-store.ts';

export interface AnswerOptions {
  /** How each thread loads the model. */
  load: ClassifierOptions;
  /** The folder of the store; nothing is stored without it. */
  cacheDir?: string;
  /** Indices of the files to ask about; all by default. */
  only?: readonly number[];
  onProgress?: (done: number) => void;
  signal?: AbortSignal;
}

/** What a model says of pictures: a row for each file of the dataset. */
export interface ModelAnswers {
  /** `files * labels of the model` numbers. */
  probabilities: Float32Array;
  /** `files * width` numbers; width is 0 where the model has none. */
  features: {data: Float32Array; width: number};
  /** By file, whether there is an answer. */
  answered: boolean[];
  errors: FileError[];
}

/**
 * Asks a model about pictures, except for those that it was asked about in an earlier audit.
 *
 * @param classifier loaded with the options of `load`, among them `features`
 */
export async function modelAnswers(
  classifier: Classifier,
  {dataset, hashes}: Pick<HashedDataset, 'dataset' | 'hashes'>,
  {load, cacheDir, only, onProgress, signal}: AnswerOptions,
): Promise<ModelAnswers> {
  const {labels, sha256: model} = classifier.model;
  const width = await featureWidth(classifier);
  const numbers = width + labels.length;
  const path = cacheDir === undefined ? undefined : join(cacheDir, 'audits', `answers-${model.slice(0, 16)}.bin`);
  const store = new RecordStore(path, 4 * numbers);
  const asked = only ?? dataset.files.map((_, i) => i);
  const errors: FileError[] = [];
  try {
    const missing = asked.filter((index) => store.get(hashes[index].sha256) === undefined);
    let done = asked.length - missing.length;
    let at = 0;
    const options = {load, ...(load.threads === undefined ? {} : {threads: load.threads}), ...(signal ? {signal} : {})};
    for await (const batch of classifyPictures(classifier, picturesIn(dataset, missing), options)) {
      signal?.throwIfAborted();
      for (const {answer} of batch) {
        const index = missing[at++];
        if (answer instanceof RiceError)
          errors.push({path: dataset.files[index].path, code: answer.code, message: answer.message});
        else store.add(hashes[index].sha256, pack(answer, labels, width));
      }
      done += batch.length;
      onProgress?.(done);
    }
    signal?.throwIfAborted();
    return {...unpackAll(store, hashes, labels.length, width), errors};
  } finally {
    store.close();
  }
}

/** The length of the model's feature vectors: where its file does not tell, by asking it about an empty picture. */
async function featureWidth(classifier: Classifier): Promise<number> {
  if (classifier.outputs.features >= 0) return classifier.outputs.features;
  const {width, height} = classifier.metadata.input;
  const [{features}] = await classifier.classifyWindows([new Uint8Array(width * height * 3)]);
  return features?.length ?? 0;
}

async function* picturesIn({root, files}: Dataset, indices: readonly number[]) {
  for (let start = 0; start < indices.length; start += PORTION)
    yield indices.slice(start, start + PORTION).map((index) => ({path: join(root, files[index].path)}));
}

function pack({features, probabilities}: Prediction, labels: readonly string[], width: number): Uint8Array {
  const numbers = new Float32Array(width + labels.length);
  if (features) numbers.set(features.subarray(0, width));
  numbers.set(
    labels.map((label) => probabilities[label]),
    width,
  );
  return new Uint8Array(numbers.buffer);
}

function unpackAll(store: RecordStore, hashes: readonly {sha256: string}[], classes: number, width: number) {
  const probabilities = new Float32Array(hashes.length * classes);
  const data = new Float32Array(hashes.length * width);
  const answered = hashes.map(({sha256}, i) => {
    const bytes = store.get(sha256);
    if (!bytes) return false;
    for (let k = 0; k < width; k++) data[i * width + k] = bytes.readFloatLE(4 * k);
    for (let c = 0; c < classes; c++) probabilities[i * classes + c] = bytes.readFloatLE(4 * (width + c));
    return true;
  });
  return {probabilities, features: {data, width}, answered};
}
