import {hash} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {fromFileSystemError, RiceError} from '../../common/errors.ts';
import {restoreCell} from '../../common/spreadsheet-cell.ts';
import {headerOf, parseTable} from '../csv-table.ts';

export const ACTIONS = ['relabel', 'exclude', 'keep'] as const;

/** What is to be done with a picture: give it another label, leave it out, or leave it as it is, which is right. */
export type CorrectionAction = (typeof ACTIONS)[number];

export interface Correction {
  /** Relative to the dataset's root, with forward slashes. */
  path: string;
  action: CorrectionAction;
  /** The label that it should have; only of `relabel`. */
  label?: string;
  /** The label that it had when it was looked at, if that is known. */
  given?: string;
  /** Where it stands in the file, from 1. */
  line: number;
}

export interface CorrectionFile {
  file: string;
  /** Of the file's bytes, in hexadecimal. */
  sha256: string;
  corrections: Correction[];
}

/** The columns of a file of corrections, in the order in which rice writes them; `given` may be missing. */
export const CORRECTION_COLUMNS = ['path', 'label', 'action', 'given'] as const;

/**
 * Reads a file of corrections: values separated by commas, semicolons or tabs, with the columns `path`, `label` and
 * `action`, and perhaps `given`. Texts with an apostrophe before what a spreadsheet would compute are read without it.
 *
 * @throws RiceError PATH_NOT_FOUND, PATH_NOT_READABLE, or CORRECTIONS_INVALID with the line
 */
export function readCorrections(file: string): CorrectionFile {
  const bytes = read(file);
  return {file, sha256: hash('sha256', bytes), corrections: parseCorrections(bytes.toString('utf8'), file)};
}

function parseCorrections(text: string, file: string): Correction[] {
  const invalid = (reason: string, cause?: unknown) => correctionsInvalid(file, reason, cause);
  const rows = parseTable(text, invalid);
  const header = headerOf(rows, invalid);
  const missing = ['path', 'label', 'action'].filter((name) => !header.includes(name));
  if (missing.length > 0)
    throw invalid(
      `its first line names no column ${missing.join(' and ')}; it names ${header.join(', ') || 'nothing'}`,
    );
  const cell = (record: string[], name: string) => restoreCell(record[header.indexOf(name)] ?? '');
  const seen = new Map<string, number>();
  return rows.map(({record, info: {lines: line}}) => {
    const path = plainPath(cell(record, 'path'));
    if (path === '') throw invalid(`line ${line} has no path`);
    const before = seen.get(path);
    if (before !== undefined) throw invalid(`line ${line}: ${path} stands in line ${before} already`);
    seen.set(path, line);
    const written = cell(record, 'action').trim().toLowerCase();
    const action = ACTIONS.find((each) => each === written);
    if (action === undefined)
      throw invalid(`line ${line}: "${written}" is no action: ${ACTIONS.slice(0, -1).join(', ')} or ${ACTIONS.at(-1)}`);
    const label = cell(record, 'label').trim();
    if (action === 'relabel' && label === '') throw invalid(`line ${line}: ${path} has no label to get`);
    const given = cell(record, 'given').trim();
    return {path, action, line, ...(action === 'relabel' ? {label} : {}), ...(given === '' ? {} : {given})};
  });
}

export function correctionsInvalid(file: string, reason: string, cause?: unknown): RiceError {
  return new RiceError('CORRECTIONS_INVALID', `${file} is no list of corrections: ${reason}`, {
    suggestions: ['Correct the line: docs/audit.md says what is in such a file.'],
    cause,
  });
}

function plainPath(path: string): string {
  return path.replaceAll('\\', '/').replace(/^(\.\/)+/, '');
}

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw fromFileSystemError(error, file, 'read');
  }
}
