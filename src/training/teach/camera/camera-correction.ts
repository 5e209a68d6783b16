/** What is added to the logits of a base model so that they are right under another camera. */

import {drawGrains, type Population} from '../base/population.ts';
import type {LinearHead} from '../fit/linear-head.ts';
import {fitCorrection} from '../fit/softmax-regression.ts';
import {type MeasuredViews, rowsOfPictures, widthOf} from '../pictures/measure-views.ts';
import {type CameraShift, cameraShift} from './camera-shift.ts';

/** Grains of each label that are drawn from the base's population. */
const DRAWN = 500;
/** How much all of them count, as they are and as the camera would show them, where all pictures count 1. */
const DRAWN_WEIGHT = 1;
const PENALTY = 3e-3;

/**
 * Fits the correction: right on the pictures of the camera, in all their views; right on what the base knows; and right on what the
 * base knows as the camera would show it, so that labels of which there are no pictures are not lost.
 *
 * @param chosen the pictures to fit to
 * @returns a linear head over features and capture
 */
export function fitCameraCorrection(
  population: Population,
  measured: MeasuredViews,
  chosen: (picture: number) => boolean,
  seed: number,
): {head: LinearHead; shift: CameraShift} {
  const {sizes, means} = population;
  const classes = means.length;
  const dimensions = sizes.features + sizes.capture;
  const shift = cameraShift(population, measured, chosen);
  const drawn = drawGrains(population, DRAWN, seed);
  const width = dimensions + sizes.logits;
  const scale = scaleOf(drawn.rows, width, dimensions);
  const given = rowsAndLogits(measured, chosen, dimensions);
  const count = given.pictures.length;
  const total = count + 2 * drawn.labels.length;
  const rows = new Float64Array(total * dimensions);
  const logits = new Float64Array(total * classes);
  rows.set(given.rows);
  logits.set(given.logits);
  const moves = [new Float64Array(width), movesOf(shift, width)];
  moves.forEach((move, which) => {
    drawn.labels.forEach((_, row) => {
      const to = count + which * drawn.labels.length + row;
      for (let i = 0; i < dimensions; i++) rows[to * dimensions + i] = drawn.rows[row * width + i] + move[i];
      for (let i = 0; i < classes; i++)
        logits[to * classes + i] = drawn.rows[row * width + dimensions + i] + move[dimensions + i];
    });
  });
  for (let at = 0; at < rows.length; at++) {
    const i = at % dimensions;
    rows[at] = (rows[at] - scale.mean[i]) / scale.deviation[i];
  }
  const drawnWeight = DRAWN_WEIGHT / drawn.labels.length;
  const head = fitCorrection(
    {
      rows,
      logits,
      labels: [...given.pictures.map((picture) => measured.labels[picture]), ...drawn.labels, ...drawn.labels],
      weights: [
        ...given.pictures.map(() => 1 / count),
        ...Array.from({length: 2 * drawn.labels.length}, () => drawnWeight),
      ],
    },
    dimensions,
    classes,
    PENALTY,
  );
  return {head: unscaled(head, scale), shift};
}

/** Features and capture, and logits, of some pictures in all views. */
export function rowsAndLogits(measured: MeasuredViews, chosen: (picture: number) => boolean, dimensions: number) {
  const of = (name: string) => rowsOfPictures(measured, name, measured.views, chosen);
  const features = of('features');
  const capture = measured.rows.capture ? of('capture').rows : undefined;
  const width = widthOf(measured, 'features');
  const rows = new Float64Array(features.pictures.length * dimensions);
  features.pictures.forEach((_, row) => {
    rows.set(features.rows.subarray(row * width, (row + 1) * width), row * dimensions);
    const rest = dimensions - width;
    if (capture) rows.set(capture.subarray(row * rest, (row + 1) * rest), row * dimensions + width);
  });
  return {rows, logits: of('logits').rows, pictures: features.pictures};
}

interface Scale {
  mean: Float64Array;
  deviation: Float64Array;
}

function scaleOf(rows: Float64Array, width: number, dimensions: number): Scale {
  const count = rows.length / width;
  const mean = new Float64Array(dimensions);
  const square = new Float64Array(dimensions);
  for (let row = 0; row < count; row++) {
    for (let i = 0; i < dimensions; i++) {
      mean[i] += rows[row * width + i] / count;
      square[i] += rows[row * width + i] ** 2 / count;
    }
  }
  // A unit that never fires must not be divided by nothing.
  const deviation = square.map((value, i) => Math.sqrt(Math.max(0, value - mean[i] ** 2)) || 1);
  return {mean, deviation: deviation.map((value) => (value > 1e-6 ? value : 1))};
}

function movesOf({features, capture, logits}: CameraShift, width: number): Float64Array {
  const move = new Float64Array(width);
  let at = 0;
  for (const part of [features, capture, logits]) {
    if (!part) continue;
    move.set(part, at);
    at += part.length;
  }
  return move;
}

/** The same head for numbers that were not scaled. */
function unscaled({dimensions, classes, weights, bias}: LinearHead, {mean, deviation}: Scale): LinearHead {
  const own = weights.map((weight, at) => weight / deviation[Math.floor(at / classes)]);
  const shifted = bias.map((value, label) => {
    let sum = value;
    for (let i = 0; i < dimensions; i++) sum -= own[i * classes + label] * mean[i];
    return sum;
  });
  return {dimensions, classes, weights: own, bias: shifted};
}
