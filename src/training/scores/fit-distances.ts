import type {Calibration, FaceValue} from '../graphs/model-graph.ts';
import {FACE_COLUMNS, SIZE_COLUMNS} from '../graphs/model-graph.ts';
import {type ClassDistances, fitClassDistances, inUnitsOf, nearestDistances} from './class-distances.ts';
import {quantile} from './quantile.ts';
import {fitReduction, MOST_DIMENSIONS, reduceVectors} from './reduction.ts';
import {concatenated} from './run-over.ts';

/** What the calibration graph says of some images, and their labels. */
export interface MeasuredImages {
  labels: readonly number[];
  logits: Float32Array;
  embedding: Float32Array;
  features?: Float32Array;
  capture?: Float32Array;
  outline?: Float32Array;
}

/** Images as they are, and the same as another camera would show them. */
export interface UsualAndChanged {
  usual: MeasuredImages;
  changed: MeasuredImages;
}

/** The distances of a calibration. */
export type Distances = Pick<Calibration, 'reduction' | 'novelty' | 'outline' | 'capture' | 'faceValue'>;

/** The share of images that are not novel, by the network and by the outline: unchanged and changed ones. */
const KNOWN = {embedding: {usual: 0.998, changed: 0.92}, outline: {usual: 0.998, changed: 0.98}};
/** The share of unchanged images whose capture and size count as usual. */
const USUAL_CAPTURE = 0.995;
const USUAL_SIZE = 0.99;
/** The share of unchanged images that are not strange. */
const NOT_STRANGE = 0.996;
/** Slack for float32 rounding, so that the images that determine a threshold pass it. */
const ROUNDING_SLACK = 1e-4;

/**
 * Fits all distances to training images, and their units to validation images, so that each is 1 at its threshold: what is
 * known is fitted to unchanged and changed images alike, since another camera is no novelty, and so is the capture, since what
 * training showed is not far; what size and color say at face value is fitted to unchanged ones alone.
 */
export function fitDistances(training: UsualAndChanged, validation: UsualAndChanged): Distances {
  const {usual, changed} = training;
  const both = [...usual.labels, ...changed.labels];
  const embeddings = concatenated(usual.embedding, changed.embedding);
  const dimensions = embeddings.length / both.length;
  const reduction = dimensions > MOST_DIMENSIONS ? fitReduction(embeddings, dimensions) : undefined;
  const reduced = (vectors: Float32Array) => (reduction ? reduceVectors(vectors, reduction) : vectors);
  const novelty = fitClassDistances(reduced(embeddings), both);
  const knownUnit = (distances: ClassDistances, name: 'embedding' | 'outline') => {
    const vectorsOf = (images: MeasuredImages) => (name === 'embedding' ? reduced(images.embedding) : images.outline!);
    return Math.max(
      quantile(nearestDistances(vectorsOf(validation.usual), distances), KNOWN[name].usual),
      quantile(nearestDistances(vectorsOf(validation.changed), distances), KNOWN[name].changed),
    );
  };
  const outline =
    usual.outline && changed.outline && fitClassDistances(concatenated(usual.outline, changed.outline), both);
  return {
    ...(reduction ? {reduction} : {}),
    novelty: scaled(novelty, knownUnit(novelty, 'embedding')),
    ...(outline ? {outline: scaled(outline, knownUnit(outline, 'outline'))} : {}),
    ...captureDistances(training, validation, both),
  };
}

function captureDistances(
  {usual, changed}: UsualAndChanged,
  validation: UsualAndChanged,
  both: readonly number[],
): Pick<Distances, 'capture' | 'faceValue'> {
  const [seen, changedSeen, held] = [usual.capture, changed.capture, validation.usual.capture];
  if (!seen || !changedSeen || !held) return {};
  const columns = seen.length / usual.labels.length;
  const capture = fitClassDistances(concatenated(seen, changedSeen), both);
  const faceOf = (captures: Float32Array) => columnsOfRows(captures, columns, 0, FACE_COLUMNS);
  const strangeness = fitClassDistances(faceOf(seen), usual.labels);
  const sizeOf = (captures: Float32Array) => columnsOfRows(captures, columns, 0, SIZE_COLUMNS);
  const size = fitClassDistances(sizeOf(seen), usual.labels);
  const faceValue: FaceValue = {
    size: scaled(size, quantile(nearestDistances(sizeOf(held), size), USUAL_SIZE)),
    strangeness: scaled(strangeness, quantile(nearestDistances(faceOf(held), strangeness), NOT_STRANGE)),
  };
  return {capture: scaled(capture, quantile(nearestDistances(held, capture), USUAL_CAPTURE)), faceValue};
}

/** The scores of images, as the finished model has them. */
export interface DistanceScores {
  novelty: Float64Array;
  capture?: Float64Array;
  strangeness?: Float64Array;
  sizeNovelty?: Float64Array;
}

export function scoresOf(images: MeasuredImages, distances: Distances): DistanceScores {
  const {reduction, novelty, outline, capture, faceValue} = distances;
  const embedding = reduction ? reduceVectors(images.embedding, reduction) : images.embedding;
  const known = nearestDistances(embedding, novelty!);
  if (outline && images.outline) raise(known, nearestDistances(images.outline, outline));
  if (!capture || !images.capture || !faceValue) return {novelty: known};
  const columns = images.capture.length / images.labels.length;
  const strangeness = nearestDistances(columnsOfRows(images.capture, columns, 0, FACE_COLUMNS), faceValue.strangeness);
  const size = nearestDistances(columnsOfRows(images.capture, columns, 0, SIZE_COLUMNS), faceValue.size);
  return {novelty: known, capture: nearestDistances(images.capture, capture), strangeness, sizeNovelty: size};
}

function raise(values: Float64Array, others: Float64Array): void {
  others.forEach((other, i) => {
    values[i] = Math.max(values[i], other);
  });
}

/** Distances in units of their threshold. If all images look the same to the network, there is no unit. */
function scaled(distances: ClassDistances, unit: number): ClassDistances {
  return inUnitsOf(distances, (unit > 0 ? unit : 1) * (1 + ROUNDING_SLACK));
}

/** Columns [begin, end) of a matrix of rows. */
export function columnsOfRows(rows: Float32Array, columns: number, begin: number, end: number): Float32Array {
  const width = end - begin;
  const part = new Float32Array((rows.length / columns) * width);
  for (let i = 0; i < part.length; i++) part[i] = rows[Math.floor(i / width) * columns + begin + (i % width)];
  return part;
}
