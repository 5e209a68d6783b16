import type {Closing} from '../../../../src/commands/predict/formats/answer-format.ts';
import type {ErrorEntry, PredictionEntry} from '../../../../src/prediction/entry.ts';

export const MODEL = {name: 'm', version: '1.0.0', sha256: 'a'.repeat(64), labels: ['Red', 'Blue, "deep"']};

/** Hostile file names: every format must preserve each of them. */
export const HOSTILE_NAMES = [
  'a,b.jpg',
  'say "rice".jpg',
  'two\nlines.jpg',
  'carriage\rreturn.jpg',
  '\r\n',
  '"',
  '""",',
  ' leading and trailing ',
  '\u001b[2J\u001b]0;title\u0007.jpg',
  '\u009b31m.jpg',
  '\u202egpj.exe',
  '=1+1.jpg',
  '-rf',
  'ünï \u{1F35A}\u2028.jpg',
  '\\',
  '',
];

export function prediction(path: string, more: Partial<PredictionEntry> = {}): PredictionEntry {
  const probabilities = {Red: 0.75, 'Blue, "deep"': 0.25};
  return {path, label: 'Red', confidence: 0.75, known: true, probabilities, ...more};
}

export const UNKNOWN: Partial<PredictionEntry> = {label: 'other', nearest: 'Red', known: false, reason: 'no grain'};

export function failure(path: string, message = `cannot read ${path}`): ErrorEntry {
  return {path, code: 'PATH_NOT_READABLE', message};
}

export function closing(images: number, errors: number, more: Partial<Closing> = {}): Closing {
  const summary = {
    images,
    errors,
    labels: images > 0 ? {Red: images} : {},
    unknown: 0,
    reasons: {},
    seconds: 2,
    imagesPerSecond: 1,
  };
  return {trust: 'any-camera', summary, warnings: [], ...more};
}
