/**
 * Calibrates a trained network: fits the temperature, the distances from the known varieties and from the usual capture,
 * and the thresholds for rejection. Distances are fitted on training images, thresholds are chosen on validation images,
 * both unchanged and as another camera would show them.
 */
import type {InferenceSession} from 'onnxruntime-node';
import type {PreparedCache} from '../../dataset/cache/prepared-cache.ts';
import {fitTemperature} from '../../evaluation/temperature.ts';
import type {WindowSize} from '../../image/window/canvas.ts';
import {windowFromPatch} from '../../image/window/window.ts';
import {createSession} from '../../model/devices.ts';
import type {Thresholds} from '../../model/rejection.ts';
import {encodeModel} from '../../onnx/model.ts';
import type {Manifest} from '../artifact/manifest.ts';
import {augmentInto} from '../batches/augmentation.ts';
import {buildCalibrationGraph, buildModelGraph, type Calibration, type TrainedNetwork} from '../graphs/model-graph.ts';
import {Random} from '../random.ts';
import {fitClassDistances, inUnitsOf} from './class-distances.ts';

/** Most training images that the distances are fitted to; each is used unchanged and as another camera would show it. */
const MAX_IMAGES = 12_000;
/** The share of validation images that are not novel: unchanged, and as another camera would show them. */
const KNOWN_SHARE = 0.995;
const KNOWN_SHARE_CHANGED = 0.96;
/** The share of unchanged validation images whose capture counts as usual. */
const USUAL_CAPTURE_SHARE = 0.995;
/** The share of unchanged validation images whose confidence counts as low. */
const LOW_CONFIDENCE_SHARE = 0.001;
/** Upper and lower bound of the confidence threshold, whatever the confidences on the validation images. */
const MAX_CONFIDENCE = 0.9;
const MIN_CONFIDENCE = 0.5;
/** The confidence required if the capture is far from usual; nearly all correct answers have it. */
const SURE_CONFIDENCE = 0.98;
/** Slack for float32 rounding, so that the images that determine a threshold pass it. */
const ROUNDING_SLACK = 1e-5;
const BATCH = 64;

export interface Calibrated {
  calibration: Calibration;
  thresholds: Thresholds;
}

/** The cached images and the indices of each part. */
export interface CalibrationImages {
  cache: PreparedCache;
  train: number[];
  validation: number[];
}

/** Fits calibration and thresholds. `novelty` and `capture` are in units of their thresholds, which are therefore 1. */
export async function calibrate(
  trained: TrainedNetwork,
  manifest: Manifest,
  {cache, train, validation}: CalibrationImages,
): Promise<Calibrated> {
  const {input, labels, seed} = manifest;
  const changes = {...manifest.augmentation, untouched: 0, outliers: 0};
  const plain = (index: number) => windowFromPatch(cache.readPatch(index), input);
  const changed = (index: number) => {
    const window = new Uint8Array(input.width * input.height * 3);
    augmentInto(cache.readPatch(index), input, changes, new Random(seed, 'calibration', index), window, 0);
    return window;
  };
  const sample = evenlySpaced(train, MAX_IMAGES);
  const labelsOf = (indices: number[]) => indices.map((index) => cache.label(index));

  const fitting = buildCalibrationGraph(trained, input, labels.length);
  const rough = await withSession(encodeModel(fitting.toProto('rice')), input, async (run) => {
    const usual = await run(sample, plain);
    const unusual = await run(sample, changed);
    const embeddings = concatenated(usual.embedding, unusual.embedding);
    return {
      novelty: fitClassDistances(embeddings, [...labelsOf(sample), ...labelsOf(sample)]),
      ...(usual.capture ? {capture: fitClassDistances(usual.capture, labelsOf(sample))} : {}),
    };
  });
  const model = buildModelGraph(trained, input, labels.length, {temperature: 1, ...rough});
  return withSession(encodeModel(model.toProto('rice')), input, async (run) => {
    const usual = await run(validation, plain);
    const unusual = await run(validation, changed);
    // The logarithms of probabilities are logits, up to a constant that the softmax removes.
    const logits = Array.from(usual.probabilities, (value) => Math.log(Math.max(value, 1e-30)));
    const {temperature} = fitTemperature(logits, labelsOf(validation));
    const farthest = Math.max(quantile(usual.novelty, KNOWN_SHARE), quantile(unusual.novelty, KNOWN_SHARE_CHANGED));
    // If all images look the same to the network, there is no unit.
    const novelty = farthest > 0 ? farthest : 1;
    const confidences = confidencesOf(logits, labels.length, temperature);
    const capture = usual.capture && quantile(usual.capture, USUAL_CAPTURE_SHARE);
    return {
      calibration: {
        temperature,
        novelty: inUnitsOf(rough.novelty, novelty * (1 + ROUNDING_SLACK)),
        ...(rough.capture && capture ? {capture: inUnitsOf(rough.capture, capture * (1 + ROUNDING_SLACK))} : {}),
      },
      thresholds: {
        confidence: clamp(MIN_CONFIDENCE, quantile(confidences, LOW_CONFIDENCE_SHARE), MAX_CONFIDENCE) - ROUNDING_SLACK,
        novelty: 1,
        ...(capture ? {capture: 1, sure: SURE_CONFIDENCE} : {}),
      },
    };
  });
}

type Run = (indices: number[], windowOf: (index: number) => Uint8Array) => Promise<Record<string, Float32Array>>;

/** Runs a graph over windows in batches; the rows of each output are concatenated. */
async function withSession<Result>(
  model: Uint8Array,
  size: WindowSize,
  use: (run: Run) => Promise<Result>,
): Promise<Result> {
  const session = await createSession(model, 'cpu');
  try {
    return await use((indices, windowOf) => runOver(session, indices, windowOf, size));
  } finally {
    await session.release();
  }
}

async function runOver(
  session: InferenceSession,
  indices: number[],
  windowOf: (index: number) => Uint8Array,
  {width, height}: WindowSize,
): Promise<Record<string, Float32Array>> {
  const {Tensor} = await import('onnxruntime-node');
  const rows = new Map(session.outputNames.map((name) => [name, [] as Float32Array[]]));
  for (let start = 0; start < indices.length; start += BATCH) {
    const batch = indices.slice(start, start + BATCH);
    const image = new Tensor('uint8', Buffer.concat(batch.map(windowOf)), [batch.length, height, width, 3]);
    const results = await session.run({image});
    for (const [name, parts] of rows) parts.push(results[name].data as Float32Array);
  }
  return Object.fromEntries([...rows].map(([name, parts]) => [name, concatenated(...parts)]));
}

function concatenated(...parts: Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** At most `max` elements of a list, evenly spaced. */
function evenlySpaced(indices: number[], max: number): number[] {
  const step = Math.max(1, indices.length / max);
  return Array.from({length: Math.min(indices.length, max)}, (_, i) => indices[Math.floor(i * step)]);
}

function clamp(min: number, value: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}

/** The quantile: the value that a share of all values does not exceed. */
function quantile(values: ArrayLike<number>, share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function confidencesOf(logits: number[], classes: number, temperature: number): number[] {
  return Array.from({length: logits.length / classes}, (_, row) => {
    const of = logits.slice(row * classes, (row + 1) * classes);
    const highest = Math.max(...of);
    return 1 / of.reduce((sum, value) => sum + Math.exp((value - highest) / temperature), 0);
  });
}
