import {type Entry, isError} from '../../prediction/entry.ts';
import type {AnswerFormat} from './answer-format.ts';

/** Comma-separated values with a head (RFC 4180, but lines end with a newline alone, as tools of Unix expect). */
export function csvFormat(): AnswerFormat {
  let labels: string[] = [];
  return {
    start(model) {
      labels = model.labels;
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
      ]);
    },
    entries: (entries) => entries.map((entry) => entryRow(entry, labels)).join(''),
    end: () => '',
  };
}

function entryRow(entry: Entry, labels: string[]): string {
  if (isError(entry))
    return row([entry.path, '', '', '', '', '', entry.code, entry.message, '', ...labels.map(() => '')]);
  const {path, label, nearest = label, confidence, known, reason = '', probabilities, sortedTo = ''} = entry;
  const numbers = labels.map((name) => probabilities[name]);
  return row([path, label, nearest, confidence, known, reason, '', '', sortedTo, ...numbers]);
}

function row(fields: (string | number | boolean)[]): string {
  return `${fields.map(field).join(',')}\n`;
}

function field(value: string | number | boolean): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
