/**
 * Calibrates a trained network: fits the temperature, the distances from the known varieties and from the usual capture,
 * and the thresholds for rejection. Distances are fitted on training images, thresholds are chosen on validation images,
 * both unchanged and as another camera would show them.
 */
import {defined} from '../../common/defined.ts';
import type {PreparedCache} from '../../dataset/cache/prepared-cache.ts';
import {fitTemperature} from '../../evaluation/temperature.ts';
import {windowFromPatch} from '../../image/window/window.ts';
import type {Thresholds} from '../../model/rejection.ts';
import {encodeModel} from '../../onnx/model.ts';
import type {Manifest} from '../artifact/manifest.ts';
import {augmentInto} from '../batches/augmentation.ts';
import {FeatureFile} from '../features/feature-file.ts';
import {
  buildCalibrationGraph,
  type Calibration,
  inverseTemperatureAt,
  type TrainedNetwork,
} from '../graphs/model-graph.ts';
import {Random} from '../random.ts';
import {fitPopulation, type Population} from '../teach/base/population.ts';
import {chooseThresholds, type JudgedImages} from './choose-thresholds.ts';
import {
  type DistanceScores,
  fitDistances,
  type MeasuredImages,
  scoresOf,
  type UsualAndChanged,
} from './fit-distances.ts';
import {MOST_DIMENSIONS} from './reduction.ts';
import {type RunOver, withSession} from './run-over.ts';

/** Most training images that the distances are fitted to; each is used unchanged and as another camera would show it. */
const MAX_IMAGES = 6000;
/** Fewest images of an unusual capture that have a temperature of their own. */
const ENOUGH = 50;

export interface Calibrated {
  calibration: Calibration;
  thresholds: Thresholds;
}

export interface CalibratedWithPopulation extends Calibrated {
  /** How the unchanged training images look to the network; missing where that would take too many numbers. */
  population?: Population;
}

/** The cached images and the indices of each part. */
export interface CalibrationImages {
  cache: PreparedCache;
  train: number[];
  validation: number[];
  /** The folder of an artifact that has the features of the pictures. */
  features?: string;
}

/** Fits calibration and thresholds. The scores are in units of their thresholds, which are therefore 1. */
export async function calibrate(
  trained: TrainedNetwork,
  manifest: Manifest,
  images: CalibrationImages,
): Promise<CalibratedWithPopulation> {
  const {input, labels} = manifest;
  const {cache, train, validation} = images;
  const views = viewsOf(manifest, images);
  const measure = async (run: RunOver, indices: number[]): Promise<UsualAndChanged> => {
    const names = indices.map((index) => cache.label(index));
    return {
      usual: measured(names, await run(indices, views.usual)),
      changed: measured(names, await run(indices, views.changed)),
    };
  };
  const {features} = manifest;
  const graph = buildCalibrationGraph(trained, input, labels.length, features?.length).toProto('rice');
  return withSession(encodeModel(graph), features?.length ?? input, async (run) => {
    const held = await measure(run, validation);
    const training = await measure(run, evenlySpaced(train, MAX_IMAGES));
    const {usual} = training;
    const width = usual.features!.length / usual.labels.length;
    return {
      ...calibrationOf(training, held),
      ...(width > MOST_DIMENSIONS ? {} : {population: populationOf(usual, labels.length)}),
    };
  });
}

/** What the calibration graph gets of a picture as it is, and as another camera would show it: a window, or its features. */
interface Views {
  usual: (index: number) => Uint8Array | Float32Array;
  changed: (index: number) => Uint8Array | Float32Array;
}

function viewsOf(manifest: Manifest, {cache, train, validation, features}: CalibrationImages): Views {
  const {input, seed} = manifest;
  if (features) {
    const file = FeatureFile.open(features, manifest.features!.length, [...train, ...validation]);
    return {usual: (index) => file.row(index, 0), changed: (index) => file.row(index, 1)};
  }
  const changes = {...manifest.augmentation, untouched: 0, outliers: 0};
  return {
    usual: (index) => windowFromPatch(cache.readPatch(index), input),
    changed: (index) => {
      const window = new Uint8Array(input.width * input.height * 3);
      augmentInto(cache.readPatch(index), input, changes, new Random(seed, 'calibration', index), window, 0);
      return window;
    },
  };
}

function measured(
  labels: number[],
  {logits, embedding, features, capture, outline}: Record<string, Float32Array>,
): MeasuredImages {
  return {labels, logits, embedding, features, ...defined({capture, outline})};
}

/** @param images measured with their features */
export function populationOf({labels, features, ...rows}: MeasuredImages, classes: number): Population {
  return fitPopulation({...rows, features: features!}, labels, classes);
}

/** The calibration from what was measured of training and validation images. */
export function calibrationOf(training: UsualAndChanged, validation: UsualAndChanged): Calibrated {
  const distances = fitDistances(training, validation);
  const usual = scoresOf(validation.usual, distances);
  const changed = scoresOf(validation.changed, distances);
  const {temperature} = fitTemperature(validation.usual.logits, validation.usual.labels);
  const changedTemperature = temperatureOfUnusual(validation.changed, changed, temperature);
  const judged = (images: MeasuredImages, scores: DistanceScores): JudgedImages => ({
    ...scores,
    ...answersOf(images, scores, temperature, changedTemperature),
  });
  return {
    calibration: {temperature, changedTemperature, ...distances},
    thresholds: chooseThresholds(judged(validation.usual, usual), judged(validation.changed, changed)),
  };
}

/** The temperature for images of an unusual capture, which is never more confident than that of the others. */
function temperatureOfUnusual(images: MeasuredImages, {novelty, capture}: DistanceScores, usual: number): number {
  if (!capture) return usual;
  const classes = images.logits.length / images.labels.length;
  const rows = images.labels.flatMap((_, i) => (capture[i] > 1 && novelty[i] <= 1 ? [i] : []));
  if (rows.length < ENOUGH) return usual;
  const logits = rows.flatMap((row) => [...images.logits.subarray(row * classes, (row + 1) * classes)]);
  const {temperature} = fitTemperature(
    logits,
    rows.map((row) => images.labels[row]),
  );
  return Math.max(usual, temperature);
}

/** Confidence of each image's most probable label, and whether it is right. */
function answersOf(
  {logits, labels}: MeasuredImages,
  {capture}: DistanceScores,
  temperature: number,
  changedTemperature: number,
): Pick<JudgedImages, 'confidences' | 'right'> {
  const classes = logits.length / labels.length;
  const rows = labels.map((label, row) => {
    const of = logits.subarray(row * classes, (row + 1) * classes);
    const inverse = inverseTemperatureAt(capture?.[row] ?? 0, temperature, changedTemperature);
    const highest = Math.max(...of);
    const sum = of.reduce((total, value) => total + Math.exp((value - highest) * inverse), 0);
    return {confidence: 1 / sum, right: of[label] === highest};
  });
  return {confidences: rows.map(({confidence}) => confidence), right: rows.map(({right}) => right)};
}

/** At most `max` elements of a list, evenly spaced. */
function evenlySpaced(indices: number[], max: number): number[] {
  const step = Math.max(1, indices.length / max);
  return Array.from({length: Math.min(indices.length, max)}, (_, i) => indices[Math.floor(i * step)]);
}
