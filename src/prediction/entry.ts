import {RiceError} from '../errors.ts';
import type {Prediction} from '../model/classifier.ts';
import {round} from '../round.ts';
import type {Answer} from './answer-batch.ts';

/** One prediction as it is given out, the same in every format. */
export interface PredictionEntry {
  path: string;
  /** The most probable variety; what `--unknown-as` says where that was asked for and the picture is not known. */
  label: string;
  /** The most probable variety, where `label` says something else. */
  nearest?: string;
  confidence: number;
  known: boolean;
  reason?: NonNullable<Prediction['reason']>;
  probabilities: Record<string, number>;
  grain?: NonNullable<Prediction['grain']>;
  warnings?: string[];
  /** Where `--sort-into` put it. */
  sortedTo?: string;
}

export interface ErrorEntry {
  path: string;
  code: string;
  message: string;
}

export type Entry = PredictionEntry | ErrorEntry;

export interface EntryOptions {
  /** Below this confidence an answer is unknown; the model's own threshold where left out. */
  minConfidence?: number;
  /** The label of what is not known. */
  unknownAs?: string;
}

export function isError(entry: Entry): entry is ErrorEntry {
  return 'code' in entry;
}

export function toEntry(path: string, answer: Answer, options: EntryOptions): Entry {
  if (answer instanceof RiceError) return {path, code: answer.code, message: answer.message};
  const {label, confidence, probabilities, grain, notes} = answer;
  const reason = reasonFor(answer, options.minConfidence);
  const renamed = reason !== undefined && options.unknownAs !== undefined;
  return {
    path,
    label: renamed ? options.unknownAs! : label,
    ...(renamed ? {nearest: label} : {}),
    confidence: round(confidence),
    known: reason === undefined,
    ...(reason === undefined ? {} : {reason}),
    probabilities: Object.fromEntries(Object.entries(probabilities).map(([name, value]) => [name, round(value)])),
    ...(grain === undefined ? {} : {grain: rounded(grain)}),
    ...(notes === undefined || notes.length === 0 ? {} : {warnings: notes}),
  };
}

/** What the user asks of the confidence replaces what the model asks; what was not found stays not found. */
function reasonFor({confidence, reason}: Prediction, minConfidence: number | undefined): Prediction['reason'] {
  if (minConfidence === undefined || (reason !== undefined && reason !== 'low confidence')) return reason;
  return confidence < minConfidence ? 'low confidence' : undefined;
}

/** Hundredths of a pixel: more is the noise of the measurement. */
function rounded(grain: NonNullable<Prediction['grain']>): NonNullable<Prediction['grain']> {
  const {area, length, width, angle, objects, x, y} = grain;
  const two = (value: number) => round(value, 2);
  return {area, length: two(length), width: two(width), angle: two(angle), objects, x: two(x), y: two(y)};
}
