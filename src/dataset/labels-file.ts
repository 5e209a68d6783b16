import {RiceError} from '../common/errors.ts';
import {restoreCell} from '../common/spreadsheet-cell.ts';
import {headerOf, pathWithin, readTable} from './csv-table.ts';
import {partNamed} from './part-names.ts';
import type {Part} from './split.ts';

/** What a list says of one picture. */
export interface ListedPicture {
  /** Relative to the dataset's root, with forward slashes. */
  path: string;
  label: string;
  part: Part | undefined;
  /** Where it stands, from 1. */
  line: number;
}

/** Names that a column may have, in any case; the first that is there is taken. */
const PATH_COLUMNS = ['path', 'file', 'filename', 'file_name', 'image', 'image_path', 'filepath', 'name'];
const LABEL_COLUMNS = ['label', 'class', 'class_name', 'variety', 'category', 'target'];
const PART_COLUMNS = ['split', 'part', 'set', 'subset', 'partition'];

/**
 * Reads a list of labeled pictures: comma, semicolon or tab between the columns, with a header that names a column of
 * paths, one of labels and, where the dataset brings its own split, one of parts (`train`, `val`, `test`).
 *
 * Texts with an apostrophe before what a spreadsheet would compute are read without it: rice predict writes them so.
 *
 * @param root the folder that relative paths start from, and within which all pictures lie
 * @throws RiceError PATH_NOT_FOUND, PATH_NOT_READABLE, or LABELS_INVALID with the line
 */
export function readLabelsFile(file: string, root: string): ListedPicture[] {
  const unusable = (reason: string, cause?: unknown) => invalid(file, reason, cause);
  const rows = readTable(file, unusable);
  const header = headerOf(rows, unusable);
  const column = (names: readonly string[]) => header.indexOf(names.find((name) => header.includes(name)) ?? '');
  const [paths, labels, parts] = [column(PATH_COLUMNS), column(LABEL_COLUMNS), column(PART_COLUMNS)];
  if (paths < 0 || labels < 0) {
    const missing = paths < 0 ? 'paths (path, file, filename)' : 'labels (label, class, variety)';
    throw invalid(file, `its first line names no column of ${missing}; it names ${header.join(', ') || 'nothing'}`);
  }
  if (rows.length === 0) throw invalid(file, 'it lists no picture');
  const seen = new Map<string, number>();
  return rows.map(({record, info: {lines: line}}) => {
    const path = pathWithin(root, restoreCell(record[paths].trim()), line, unusable);
    const label = restoreCell(record[labels].trim());
    if (label === '') throw invalid(file, `line ${line}: ${path} has no label`);
    const before = seen.get(path);
    if (before !== undefined) throw invalid(file, `line ${line}: ${path} stands in line ${before} already`);
    seen.set(path, line);
    const part = parts < 0 || record[parts].trim() === '' ? undefined : partNamed(record[parts]);
    if (parts >= 0 && record[parts].trim() !== '' && part === undefined)
      throw invalid(file, `line ${line}: "${record[parts]}" is no part of a split: train, val or test`);
    return {path, label, part, line};
  });
}

function invalid(file: string, reason: string, cause?: unknown): RiceError {
  return new RiceError('LABELS_INVALID', `${file} is no list of labels: ${reason}`, {cause});
}
