import {csvRow} from '../../../cli/csv-row.ts';
import type {ScoreName} from '../../../model/outputs.ts';
import {type Entry, isError} from '../../../prediction/entry.ts';
import type {AnswerFormat} from './answer-format.ts';

/** What was measured of the grain: pixels of the picture and degrees; empty where the model finds no grain. */
const MEASURED = ['length', 'width', 'area', 'angle'] as const;

/** Comma-separated values with a header. The exact texts are in JSON. */
export function csvFormat(): AnswerFormat {
  let labels: string[] = [];
  let scores: readonly ScoreName[] = [];
  return {
    start(model, scoreNames) {
      labels = model.labels;
      scores = scoreNames;
      return csvRow([
        'path',
        'label',
        'nearest',
        'confidence',
        'known',
        'reason',
        'error',
        'message',
        'sortedTo',
        ...labels,
        ...scores,
        ...MEASURED,
      ]);
    },
    entries: (entries) => entries.map((entry) => entryRow(entry, labels, scores)).join(''),
    end: () => '',
  };
}

function entryRow(entry: Entry, labels: readonly string[], scores: readonly ScoreName[]): string {
  if (isError(entry)) {
    const empty = [...labels, ...scores, ...MEASURED].map(() => '');
    return csvRow([entry.path, '', '', '', '', '', entry.code, entry.message, '', ...empty]);
  }
  const {path, label, nearest = label, confidence, known, reason = '', probabilities, sortedTo = '', grain} = entry;
  const numbers = [
    ...labels.map((name) => probabilities[name]),
    ...scores.map((name) => entry[name] ?? ''),
    ...MEASURED.map((name) => grain?.[name] ?? ''),
  ];
  return csvRow([path, label, nearest, confidence, known, reason, '', '', sortedTo, ...numbers]);
}
