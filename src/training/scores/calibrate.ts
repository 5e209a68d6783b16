/**
 * Makes a trained network's outputs trustworthy: fits the temperature, what counts as near to the known varieties and to
 * the usual capture, and from where on an answer is doubtful. Fitted on training images, thresholds chosen on validation
 * images, both as they are and as another camera would show them.
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

/** Training images that the distances are fitted to, at most: as many again as another camera would show them. */
const MOST_IMAGES = 12_000;
/** Of the validation images as they are, and as another camera would show them, the share that is no novelty. */
const NO_NOVELTY = 0.995;
const NO_NOVELTY_CHANGED = 0.96;
/** Of the validation images as they are, the share whose capture counts as usual. */
const USUAL_CAPTURE = 0.995;
/** Of the validation images as they are, the share whose confidence is called low. */
const LOW_CONFIDENCE = 0.001;
/** No more confidence is asked for, however sure the network is of all validation images, and no less. */
const ENOUGH_CONFIDENCE = 0.9;
const LEAST_CONFIDENCE = 0.5;
/** The confidence that is asked for where the capture is far from usual: nearly all right answers have it. */
const SURE = 0.98;
/** The images that decide a threshold must pass it, though float32 rounds. */
const ROUNDING = 1e-5;
const BATCH = 64;

export interface Calibrated {
  calibration: Calibration;
  thresholds: Thresholds;
}

/** Where the images are, and which belong to which part. */
export interface CalibrationImages {
  cache: PreparedCache;
  train: number[];
  validation: number[];
}

/** The distances of `novelty` and `capture` are in units of their thresholds: above 1 is beyond. */
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
  const sample = evenly(train, MOST_IMAGES);
  const labelsOf = (indices: number[]) => indices.map((index) => cache.label(index));

  const fitting = buildCalibrationGraph(trained, input, labels.length);
  const rough = await withSession(encodeModel(fitting.toProto('rice')), input, async (run) => {
    const usual = await run(sample, plain);
    const unusual = await run(sample, changed);
    const embeddings = joined(usual.embedding, unusual.embedding);
    return {
      novelty: fitClassDistances(embeddings, [...labelsOf(sample), ...labelsOf(sample)]),
      ...(usual.capture ? {capture: fitClassDistances(usual.capture, labelsOf(sample))} : {}),
    };
  });
  const model = buildModelGraph(trained, input, labels.length, {temperature: 1, ...rough});
  return withSession(encodeModel(model.toProto('rice')), input, async (run) => {
    const usual = await run(validation, plain);
    const unusual = await run(validation, changed);
    // The logarithms of probabilities are logits, up to a number that the softmax takes out again.
    const logits = Array.from(usual.probabilities, (value) => Math.log(Math.max(value, 1e-30)));
    const {temperature} = fitTemperature(logits, labelsOf(validation));
    const farthest = Math.max(quantile(usual.novelty, NO_NOVELTY), quantile(unusual.novelty, NO_NOVELTY_CHANGED));
    // Nothing to measure by where all images are alike to the network.
    const novelty = farthest > 0 ? farthest : 1;
    const confidences = confidencesOf(logits, labels.length, temperature);
    const capture = usual.capture && quantile(usual.capture, USUAL_CAPTURE);
    return {
      calibration: {
        temperature,
        novelty: inUnitsOf(rough.novelty, novelty * (1 + ROUNDING)),
        ...(rough.capture && capture ? {capture: inUnitsOf(rough.capture, capture * (1 + ROUNDING))} : {}),
      },
      thresholds: {
        confidence: within(LEAST_CONFIDENCE, quantile(confidences, LOW_CONFIDENCE), ENOUGH_CONFIDENCE) - ROUNDING,
        novelty: 1,
        ...(capture ? {capture: 1, sure: SURE} : {}),
      },
    };
  });
}

type Run = (indices: number[], windowOf: (index: number) => Uint8Array) => Promise<Record<string, Float32Array>>;

/** Runs a graph over windows, a batch at a time: each output's rows one behind the other. */
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
  return Object.fromEntries([...rows].map(([name, parts]) => [name, joined(...parts)]));
}

function joined(...parts: Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** At most so many of a list, evenly spread over it. */
function evenly(indices: number[], most: number): number[] {
  const step = Math.max(1, indices.length / most);
  return Array.from({length: Math.min(indices.length, most)}, (_, i) => indices[Math.floor(i * step)]);
}

function within(least: number, value: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}

/** The value that so large a share of all does not exceed. */
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
