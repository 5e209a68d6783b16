import {defined} from '../common/defined.ts';
import type {ErrorCode} from '../common/errors.ts';
import {RiceError} from '../common/errors.ts';
import type {GrainMeasurements} from '../image/prepare.ts';
import type {Prediction} from '../model/classifier.ts';
import {SCORES} from '../model/outputs.ts';
import {REASONS, type Reason} from '../model/rejection.ts';

export type Answer = Prediction | RiceError;

/**
 * Answers as a message from a worker thread: numbers in arrays that are transferred without copying, everything else only
 * if present. This costs a tenth of sending the objects.
 */
export interface AnswerBatch {
  /** [pictures, labels]; rows of errors are zero. */
  probabilities: Float32Array;
  /** [pictures, 7], in the order of MEASUREMENTS; NaN if no grain was found. */
  grains: Float64Array;
  /** [pictures, scores], in the order of SCORES; NaN if the model has no such output. */
  scores: Float32Array;
  /** [pictures, features]; empty if not requested. */
  features: Float32Array;
  /** Rejection reason of each picture as its index in REASONS plus 1; 0 if it is known. */
  reasons: Uint8Array;
  /** [pictures, 2]: brightness and area of the window; NaN if not measured. */
  windows: Float32Array;
  notes: {position: number; notes: string[]}[];
  errors: {position: number; code: ErrorCode; message: string; suggestions: string[]}[];
}

const MEASUREMENTS = ['area', 'length', 'width', 'angle', 'objects', 'x', 'y'] as const;

export function packAnswers(answers: readonly Answer[], labels: readonly string[]): AnswerBatch {
  const batch: AnswerBatch = {
    probabilities: new Float32Array(answers.length * labels.length),
    grains: new Float64Array(answers.length * MEASUREMENTS.length).fill(Number.NaN),
    scores: new Float32Array(answers.length * SCORES.length).fill(Number.NaN),
    features: packFeatures(answers),
    reasons: new Uint8Array(answers.length),
    windows: new Float32Array(answers.length * 2).fill(Number.NaN),
    notes: [],
    errors: [],
  };
  answers.forEach((answer, position) => {
    if (answer instanceof RiceError) {
      batch.errors.push({position, ...answer.toJSON()});
      return;
    }
    const {probabilities, grain, reason, notes, window} = answer;
    batch.probabilities.set(
      labels.map((label) => probabilities[label]),
      position * labels.length,
    );
    if (grain)
      batch.grains.set(
        MEASUREMENTS.map((name) => grain[name]),
        position * MEASUREMENTS.length,
      );
    SCORES.forEach((name, i) => {
      batch.scores[position * SCORES.length + i] = answer[name] ?? Number.NaN;
    });
    if (reason !== undefined) batch.reasons[position] = REASONS.indexOf(reason) + 1;
    if (window) batch.windows.set([window.brightness, window.area], position * 2);
    if (notes && notes.length > 0) batch.notes.push({position, notes});
  });
  return batch;
}

function packFeatures(answers: readonly Answer[]): Float32Array {
  const rows = answers.map((answer) => (answer instanceof RiceError ? undefined : answer.features));
  const columns = rows.find((row) => row !== undefined)?.length ?? 0;
  const features = new Float32Array(answers.length * columns);
  rows.forEach((row, position) => {
    if (row) features.set(row, position * columns);
  });
  return features;
}

export function unpackAnswers(batch: AnswerBatch, labels: readonly string[]): Answer[] {
  const failures = new Map(batch.errors.map((error) => [error.position, error]));
  const notes = new Map(batch.notes.map((note) => [note.position, note.notes]));
  return Array.from(batch.reasons, (reason, position) => {
    const failure = failures.get(position);
    if (failure) return new RiceError(failure.code, failure.message, {suggestions: failure.suggestions});
    return unpack(batch, position, labels, REASONS[reason - 1], notes.get(position));
  });
}

function unpack(
  batch: AnswerBatch,
  position: number,
  labels: readonly string[],
  reason: Reason | undefined,
  notes: string[] | undefined,
): Prediction {
  const row = batch.probabilities.subarray(position * labels.length, (position + 1) * labels.length);
  let best = 0;
  const probabilities: Record<string, number> = {};
  for (let i = 0; i < labels.length; i++) {
    if (row[i] > row[best]) best = i;
    probabilities[labels[i]] = row[i];
  }
  const [brightness, area] = batch.windows.subarray(position * 2, position * 2 + 2);
  const scores = SCORES.map((name, i) => [name, batch.scores[position * SCORES.length + i]] as const);
  const columns = batch.features.length / batch.reasons.length;
  const grain = unpackGrain(batch.grains, position * MEASUREMENTS.length);
  return {
    label: labels[best],
    confidence: row[best],
    known: reason === undefined,
    ...defined({reason}),
    probabilities,
    ...Object.fromEntries(scores.filter(([, score]) => !Number.isNaN(score))),
    ...(columns === 0 ? {} : {features: batch.features.slice(position * columns, (position + 1) * columns)}),
    ...defined({grain, notes}),
    ...(Number.isNaN(area) ? {} : {window: {brightness, area}}),
  };
}

function unpackGrain(grains: Float64Array, at: number): GrainMeasurements | undefined {
  if (Number.isNaN(grains[at])) return undefined;
  const [area, length, width, angle, objects, x, y] = grains.subarray(at, at + MEASUREMENTS.length);
  return {area, length, width, angle, objects, x, y};
}
