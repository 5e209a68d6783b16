import {printable} from '../../../cli/printable.ts';
import {defuseCell} from '../../../common/spreadsheet-cell.ts';
import type {ScoreName} from '../../../model/outputs.ts';
import {type Entry, isError} from '../../../prediction/entry.ts';
import type {AnswerFormat} from './answer-format.ts';

/** What was measured of the grain: pixels of the picture and degrees; empty where the model finds no grain. */
const MEASURED = ['length', 'width', 'area', 'angle'] as const;

/**
 * Comma-separated values with a header (RFC 4180, but lines end with LF alone, as Unix tools expect). Texts come from
 * whoever named a file or trained a model, and go to spreadsheets and terminals: none begins a formula, and control
 * characters are escapes. The exact texts are in JSON.
 */
export function csvFormat(): AnswerFormat {
  let labels: string[] = [];
  let scores: readonly ScoreName[] = [];
  return {
    start(model, scoreNames) {
      labels = model.labels;
      scores = scoreNames;
      return row([
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
    return row([entry.path, '', '', '', '', '', entry.code, entry.message, '', ...empty]);
  }
  const {path, label, nearest = label, confidence, known, reason = '', probabilities, sortedTo = '', grain} = entry;
  const numbers = [
    ...labels.map((name) => probabilities[name]),
    ...scores.map((name) => entry[name] ?? ''),
    ...MEASURED.map((name) => grain?.[name] ?? ''),
  ];
  return row([path, label, nearest, confidence, known, reason, '', '', sortedTo, ...numbers]);
}

function row(fields: (string | number | boolean)[]): string {
  return `${fields.map(field).join(',')}\n`;
}

function field(value: string | number | boolean): string {
  if (typeof value !== 'string') return String(value);
  const text = defuseCell(printable(value));
  // Quoted with semicolons, too: some spreadsheets would begin a cell, and perhaps a formula, behind one.
  return /[",;]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
