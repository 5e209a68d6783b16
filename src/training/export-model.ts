import {createHash} from 'node:crypto';
import {defined} from '../common/defined.ts';
import {RiceError} from '../common/errors.ts';
import {writeAtomically} from '../common/files/atomic-file.ts';
import {PREPARATION_VERSION} from '../image/prepare.ts';
import {METADATA_KEY, METADATA_SCHEMA, type RiceMetadata} from '../model/metadata.ts';
import {encodeModel} from '../onnx/model.ts';
import type {GraphProto} from '../onnx/schema.ts';
import {sealModel} from '../onnx/seal.ts';
import {type Progress, readProgress} from './artifact/checkpoint.ts';
import {type Manifest, readManifest} from './artifact/manifest.ts';
import {openImages} from './artifact/open-images.ts';
import {positionsOf} from './artifact/parts.ts';
import {readTrainedNetwork} from './artifact/trained-network.ts';
import {buildModelGraph, type TrainedNetwork} from './graphs/model-graph.ts';
import {recordInputs} from './run/input-record.ts';
import type {RunRecord} from './run/run-folder.ts';
import {calibrate} from './scores/calibrate.ts';
import {encodePopulation} from './teach/base/population.ts';
import {nameValues, TEACHING_FORMAT, TEACHING_KEY, type TeachingRecord} from './teach/base/teaching-record.ts';

export interface ExportedModel {
  graph: GraphProto;
  metadata: RiceMetadata;
  /** What others can be made of it by; missing in a model that cannot. */
  teaching?: TeachingRecord;
}

/**
 * Makes the model from the best weights of a finished run: folds batch normalization, calibrates the scores, and records
 * how the model was trained.
 *
 * @param version semantic version to give the model
 */
export async function exportModel(artifact: string, record: RunRecord, version: string): Promise<ExportedModel> {
  const manifest = readManifest(artifact);
  const progress = readProgress(artifact);
  if (!progress?.best) throw new RiceError('RUN_DAMAGED', `${artifact} holds no trained weights`);
  const trained = readTrainedNetwork(artifact, manifest);
  const {input, labels} = manifest;
  const {calibration, thresholds, population, inputs, images} = await calibrated(artifact, manifest, trained);
  const metadata: RiceMetadata = {
    schema: METADATA_SCHEMA,
    name: record.name,
    version,
    labels,
    input: {
      ...input,
      resize: record.configuration.wholeFrame ? 'whole-picture' : 'aligned-grain',
      preparation: PREPARATION_VERSION,
    },
    temperature: calibration.temperature,
    unknown: thresholds,
    training: {...trainingRecord(record, manifest, progress, trained), inputs},
    accuracy: {validation: {images, accuracy: progress.best.accuracy}},
  };
  const {graph, outputs} = buildModelGraph(trained, input, labels.length, calibration);
  const {changedTemperature} = calibration;
  const teaching: TeachingRecord | undefined = population && {
    format: TEACHING_FORMAT,
    values: nameValues(graph, outputs),
    ...(changedTemperature === undefined ? {} : {changedTemperature}),
    population: encodePopulation(population),
  };
  return {graph: graph.toProto('rice'), metadata, ...defined({teaching})};
}

/** The model with its test accuracy in the metadata. */
export function withTestAccuracy(
  {metadata, ...model}: ExportedModel,
  test: {images: number; accuracy: number},
): ExportedModel {
  return {...model, metadata: {...metadata, accuracy: {...metadata.accuracy, test}}};
}

export function writeModel(path: string, {graph, metadata, teaching}: ExportedModel): void {
  const entries = {
    [METADATA_KEY]: JSON.stringify(metadata),
    ...(teaching ? {[TEACHING_KEY]: JSON.stringify(teaching)} : {}),
  };
  writeAtomically(path, sealModel(encodeModel(graph, entries)), {durable: true});
}

async function calibrated(artifact: string, manifest: Manifest, trained: TrainedNetwork) {
  const cache = openImages(artifact);
  try {
    const {input} = manifest;
    const [train, validation] = [positionsOf(cache, manifest, 'train'), positionsOf(cache, manifest, 'validation')];
    const features = manifest.features ? artifact : undefined;
    const result = await calibrate(trained, manifest, {cache, train, validation, ...defined({features})});
    return {...result, inputs: recordInputs(cache, train, input), images: validation.length};
  } finally {
    cache.close();
  }
}

function trainingRecord(
  record: RunRecord,
  manifest: Manifest,
  progress: Progress,
  trained: TrainedNetwork,
): RiceMetadata['training'] {
  const {dataset, configuration, date} = record;
  const weights = createHash('sha256').update(bytesOf(trained.parameters)).update(bytesOf(trained.statistics));
  if (trained.frozen) weights.update(bytesOf(trained.frozen.parameters)).update(bytesOf(trained.frozen.statistics));
  return {
    network: manifest.network,
    parameters: manifest.layout.parameterCount + (manifest.frozen?.parameterCount ?? 0),
    seed: manifest.seed,
    epochs: progress.history.length,
    dataset: {digest: dataset.digest, images: dataset.images, labels: dataset.labels},
    split: manifest.split,
    device: progress.device,
    configuration: {...configuration},
    weights: weights.digest('hex'),
    onnxruntime: manifest.onnxruntime,
    date,
  };
}

function bytesOf({buffer, byteOffset, byteLength}: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
