import {createHash} from 'node:crypto';
import {join} from 'node:path';
import {openPreparedCache, type PreparedCache} from '../dataset/prepared-cache.ts';
import {type Part, partOf} from '../dataset/split.ts';
import {RiceError} from '../errors.ts';
import {fitTemperature} from '../evaluation/temperature.ts';
import {PREPARATION_VERSION} from '../image/prepare.ts';
import {windowFromPatch} from '../image/window.ts';
import {createSession} from '../model/devices.ts';
import {type InputRecord, METADATA_KEY, METADATA_SCHEMA, type RiceMetadata} from '../model/metadata.ts';
import {encodeModel} from '../onnx/model.ts';
import {type Progress, readProgress, readState} from './artifact/checkpoint.ts';
import {writeFileAtomically} from './artifact/files.ts';
import {IMAGES_FOLDER, type Manifest, readManifest} from './artifact/manifest.ts';
import {buildModelGraph, type TrainedNetwork} from './graphs/model-graph.ts';
import {recordInputs} from './input-record.ts';
import {NETWORKS} from './networks/index.ts';
import type {RunRecord} from './run-folder.ts';

/** Of the validation images that are answered, the share that may be called unknown. */
const UNKNOWN_SHARE = 0.001;
const BATCH = 64;

export interface ExportedModel {
  bytes: Uint8Array;
  metadata: RiceMetadata;
}

/**
 * Makes the model file from the best weights of a finished run: folds batch normalisation, fits the temperature and the
 * threshold of "unknown" on the validation images, and writes down where it all comes from.
 *
 * @param version semantic version to give the model
 */
export async function exportModel(artifact: string, record: RunRecord, version: string): Promise<ExportedModel> {
  const manifest = readManifest(artifact);
  const progress = readProgress(artifact);
  if (!progress?.best) throw new RiceError('RUN_DAMAGED', `${artifact} holds no trained weights`);
  const trained = trainedNetwork(artifact, manifest, progress.best);
  const {input, labels} = manifest;
  const plain = encodeModel(buildModelGraph(trained, input, labels.length, 1).toProto('rice'));
  const validation = await probabilitiesOfValidation(artifact, manifest, plain);
  // The logarithms of probabilities are logits, up to a number that the softmax takes out again.
  const logits = validation.probabilities.map((value) => Math.log(Math.max(value, 1e-30)));
  const {temperature} = fitTemperature(logits, validation.labels);
  const metadata: RiceMetadata = {
    ...{schema: METADATA_SCHEMA, name: record.name, version, labels},
    input: {...input, resize: 'aligned-grain', preparation: PREPARATION_VERSION},
    temperature,
    unknown: {confidence: unknownThreshold(logits, labels.length, temperature)},
    training: {...trainingRecord(record, manifest, progress, trained), inputs: inputsOfTraining(artifact, manifest)},
    accuracy: {validation: {images: validation.labels.length, accuracy: progress.best.accuracy}},
  };
  return {bytes: encode(trained, metadata), metadata};
}

/** The model file with what was measured on the test images in its metadata. */
export function withTestAccuracy(
  artifact: string,
  {metadata}: ExportedModel,
  test: {images: number; accuracy: number},
): ExportedModel {
  const manifest = readManifest(artifact);
  const trained = trainedNetwork(artifact, manifest, readProgress(artifact)!.best!);
  const complete = {...metadata, accuracy: {...metadata.accuracy, test}};
  return {bytes: encode(trained, complete), metadata: complete};
}

export function writeModel(path: string, {bytes}: ExportedModel): void {
  writeFileAtomically(path, bytes);
}

function encode(trained: TrainedNetwork, metadata: RiceMetadata): Uint8Array {
  const graph = buildModelGraph(trained, metadata.input, metadata.labels.length, metadata.temperature);
  return encodeModel(graph.toProto('rice'), {[METADATA_KEY]: JSON.stringify(metadata)});
}

function trainedNetwork(
  artifact: string,
  {network, layout}: Manifest,
  best: NonNullable<Progress['best']>,
): TrainedNetwork {
  const vectors = [
    {name: 'parameters', length: layout.parameterCount},
    {name: 'statistics', length: layout.statisticCount},
  ];
  const {parameters, statistics} = readState(artifact, best, vectors);
  return {network: NETWORKS[network], layout, parameters, statistics};
}

async function probabilitiesOfValidation(artifact: string, {split, input}: Manifest, model: Uint8Array) {
  const cache = openPreparedCache(join(artifact, IMAGES_FOLDER));
  const {Tensor} = await import('onnxruntime-node');
  const session = await createSession(model, 'cpu');
  const probabilities: number[] = [];
  const labels: number[] = [];
  try {
    const indices = indicesOf(cache, split, 'validation');
    for (let start = 0; start < indices.length; start += BATCH) {
      const batch = indices.slice(start, start + BATCH);
      const windows = batch.map((i) => windowFromPatch(cache.readPatch(i), input));
      const image = new Tensor('uint8', Buffer.concat(windows), [batch.length, input.height, input.width, 3]);
      probabilities.push(...((await session.run({image})).probabilities.data as Float32Array));
      labels.push(...batch.map((i) => cache.label(i)));
    }
  } finally {
    await session.release();
    cache.close();
  }
  return {probabilities, labels};
}

function inputsOfTraining(artifact: string, {split, input}: Manifest): InputRecord {
  const cache = openPreparedCache(join(artifact, IMAGES_FOLDER));
  try {
    return recordInputs(cache, indicesOf(cache, split, 'train'), input);
  } finally {
    cache.close();
  }
}

function indicesOf(cache: PreparedCache, {seed, fractions}: Manifest['split'], part: Part): number[] {
  const all = Array.from({length: cache.count}, (_, i) => i);
  return all.filter((i) => partOf(cache.sha256(i), seed, fractions) === part);
}

/** The confidence that all but a small share of the validation images reach. */
function unknownThreshold(logits: number[], classes: number, temperature: number): number {
  const confidences: number[] = [];
  for (let row = 0; row < logits.length; row += classes) {
    const of = logits.slice(row, row + classes);
    const highest = Math.max(...of);
    confidences.push(1 / of.reduce((sum, value) => sum + Math.exp((value - highest) / temperature), 0));
  }
  confidences.sort((a, b) => a - b);
  return confidences[Math.floor(confidences.length * UNKNOWN_SHARE)] ?? 0;
}

function trainingRecord(
  record: RunRecord,
  manifest: Manifest,
  progress: Progress,
  trained: TrainedNetwork,
): RiceMetadata['training'] {
  const {dataset, configuration, date} = record;
  const weights = createHash('sha256')
    .update(bytesOf(trained.parameters))
    .update(bytesOf(trained.statistics))
    .digest('hex');
  return {
    ...{
      network: manifest.network,
      parameters: manifest.layout.parameterCount,
      seed: manifest.seed,
      epochs: progress.history.length,
    },
    dataset: {digest: dataset.digest, images: dataset.images, labels: dataset.labels},
    split: manifest.split,
    device: progress.device,
    configuration: {...configuration},
    weights,
    onnxruntime: manifest.onnxruntime,
    date,
  };
}

function bytesOf({buffer, byteOffset, byteLength}: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
