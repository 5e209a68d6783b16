import {defined} from '../common/defined.ts';
import {RiceError} from '../common/errors.ts';
import {round} from '../common/round.ts';
import type {Prediction} from '../model/classifier.ts';
import type {Reason} from '../model/rejection.ts';
import {roundedScores} from '../model/rounded-scores.ts';
import type {Answer} from './answer-batch.ts';

/** One prediction in the output, the same in every format. */
export interface PredictionEntry {
  path: string;
  /** The most probable variety; for an unknown picture, the value of `--unknown-as` if it is set. */
  label: string;
  /** The most probable variety, if `label` is another one. */
  nearest?: string;
  confidence: number;
  known: boolean;
  reason?: Reason;
  probabilities: Record<string, number>;
  /** How far the grain is from all varieties, if the model has this output. */
  novelty?: number;
  /** How far the capture (camera, light) is from the training pictures, if the model has this output. */
  capture?: number;
  /** How far the grain is from all varieties with size, color and light at face value, if the model has this output. */
  strangeness?: number;
  /** How far size and proportions are from those of all varieties at face value, if the model has this output. */
  sizeNovelty?: number;
  grain?: NonNullable<Prediction['grain']>;
  /** The labeled pictures that look most like it to the network, the nearest first. */
  similar?: SimilarEntry[];
  warnings?: string[];
  /** The path to which `--sort-into` copied, moved or linked the picture. */
  sortedTo?: string;
}

export interface SimilarEntry {
  path: string;
  label: string;
  /** Cosine of the angle between the feature vectors: 1 for equal ones. */
  similarity: number;
}

export interface ErrorEntry {
  path: string;
  code: string;
  message: string;
}

export type Entry = PredictionEntry | ErrorEntry;

export interface EntryOptions {
  /** The label for unknown pictures. */
  unknownAs?: string;
}

export function isError(entry: Entry): entry is ErrorEntry {
  return 'code' in entry;
}

export function toEntry(path: string, answer: Answer, options: EntryOptions): Entry {
  if (answer instanceof RiceError) return {path, code: answer.code, message: answer.message};
  const {label, confidence, reason, probabilities, grain, notes} = answer;
  const renamed = reason !== undefined && options.unknownAs !== undefined;
  return {
    path,
    label: renamed ? options.unknownAs! : label,
    ...(renamed ? {nearest: label} : {}),
    confidence: round(confidence),
    known: reason === undefined,
    ...defined({reason}),
    probabilities: Object.fromEntries(Object.entries(probabilities).map(([name, value]) => [name, round(value)])),
    ...roundedScores(answer),
    ...(grain === undefined ? {} : {grain: rounded(grain)}),
    ...(notes === undefined || notes.length === 0 ? {} : {warnings: notes}),
  };
}

/** Rounded to hundredths of a pixel: further digits are noise. */
function rounded(grain: NonNullable<Prediction['grain']>): NonNullable<Prediction['grain']> {
  const {area, length, width, angle, objects, x, y} = grain;
  const two = (value: number) => round(value, 2);
  return {area, length: two(length), width: two(width), angle: two(angle), objects, x: two(x), y: two(y)};
}
