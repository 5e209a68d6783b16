import {defuseCell} from '../../../common/spreadsheet-cell.ts';
import type {Answer} from './answers.ts';
import {explainFailure} from './words.ts';

/** The answers as a table for a spreadsheet: a line for each picture, with the share of each variety. */
export function toCsv(answers: readonly {name: string; answer: Answer}[]): string {
  const labels = new Set(
    answers.flatMap(({answer}) => ('failure' in answer ? [] : Object.keys(answer.prediction.probabilities))),
  );
  const head = ['picture', 'variety', 'known', 'confidence', 'reason', ...labels, 'error'];
  const rows = answers.map(({name, answer}) => {
    if ('failure' in answer)
      return [name, '', '', '', '', ...[...labels].map(() => ''), explainFailure(answer.failure).message];
    const {label, known, confidence, reason = '', probabilities} = answer.prediction;
    return [name, label, known, confidence, reason, ...[...labels].map((each) => probabilities[each] ?? ''), ''];
  });
  return [head, ...rows].map(toLine).join('');
}

/** A line of a table, with its end. */
export function toLine(row: readonly (string | number | boolean)[]): string {
  return `${row.map(cell).join(',')}\r\n`;
}

/** Text as a cell that no spreadsheet computes; semicolons are quoted, too, which some take for the separator. */
function cell(value: string | number | boolean): string {
  if (typeof value !== 'string') return `${value}`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not reach a terminal.
  const text = defuseCell(value.replace(/[\u0000-\u001f\u007f-\u009f]/g, ' '));
  return /[",;]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Hands a table to the browser as a file to save. */
export function saveCsv(name: string, text: string): void {
  // With the mark by which Excel knows UTF-8.
  save(name, new Blob(['\uFEFF', text], {type: 'text/csv'}));
}

/** Hands a file to the browser to save. */
export function save(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
