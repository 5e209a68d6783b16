import {readFileSync} from 'node:fs';
import {isAbsolute, relative, resolve, sep} from 'node:path';
import {parse} from 'csv-parse/sync';
import {fromFileSystemError, type RiceError} from '../common/errors.ts';

/** A line of a table, and where it stands, from 1. */
export interface TableRow {
  record: string[];
  info: {lines: number};
}

/** Makes the error for a table that cannot be used. */
export type InvalidTable = (reason: string, cause?: unknown) => RiceError;

/**
 * Reads a file of comma, semicolon or tab separated values: whichever its first line has most of.
 *
 * @throws RiceError PATH_NOT_FOUND, PATH_NOT_READABLE, or what `invalid` makes
 */
export function readTable(file: string, invalid: InvalidTable): TableRow[] {
  return parseTable(readText(file), invalid);
}

export function parseTable(text: string, invalid: InvalidTable): TableRow[] {
  const plain = text.replace(/^\uFEFF/, '');
  const [first] = plain.split('\n', 1);
  const delimiter = [',', ';', '\t'].reduce((best, each) => (count(first, each) > count(first, best) ? each : best));
  try {
    return parse(plain, {delimiter, info: true, skip_empty_lines: true, relax_column_count: false}) as never;
  } catch (error) {
    throw invalid((error as Error).message, error);
  }
}

/** The names of the columns, as they are compared: without spaces around them, in lower case. */
export function headerOf(rows: TableRow[], invalid: InvalidTable): string[] {
  const header = (rows.shift()?.record ?? []).map((name) => name.trim().toLowerCase());
  const twice = header.find((name, i) => name !== '' && header.indexOf(name) !== i);
  if (twice !== undefined) throw invalid(`its first line names the column ${twice} twice`);
  return header;
}

/**
 * A path as it is written in a table, relative to the root, with forward slashes.
 *
 * @throws what `invalid` makes, for a path that does not lie in the root
 */
export function pathWithin(root: string, written: string, line: number, invalid: InvalidTable): string {
  const plain = written.trim().replaceAll('\\', '/');
  if (plain === '') throw invalid(`line ${line} has no path`);
  const path = relative(root, resolve(root, plain));
  if (path === '' || path.startsWith(`..${sep}`) || path === '..' || isAbsolute(path))
    throw invalid(`line ${line}: ${written} does not lie in ${root}`);
  return path.replaceAll(sep, '/');
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw fromFileSystemError(error, file, 'read');
  }
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}
