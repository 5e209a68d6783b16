import {defuseCell} from '../common/spreadsheet-cell.ts';
import {printable} from './printable.ts';

/**
 * A line of comma-separated values (RFC 4180, but lines end with LF alone, as Unix tools expect). Texts come from whoever
 * named a file or trained a model, and go to spreadsheets and terminals: none begins a formula, and control characters are
 * escapes.
 */
export function csvRow(fields: readonly (string | number | boolean)[]): string {
  return `${fields.map(field).join(',')}\n`;
}

function field(value: string | number | boolean): string {
  if (typeof value !== 'string') return String(value);
  const text = defuseCell(printable(value));
  // Quoted with semicolons, too: some spreadsheets would begin a cell, and perhaps a formula, behind one.
  return /[",;]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
