/** `test-answers.csv`: what each test picture was answered with, so that two runs can be compared picture by picture. */
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {parse} from 'csv-parse/sync';
import {writeAtomically} from '../common/files/atomic-file.ts';
import {defuseCell, restoreCell} from '../common/spreadsheet-cell.ts';
import type {TestAnswer} from '../training/run/measure-test-part.ts';
import {ANSWERS_FILE} from './files.ts';

const COLUMNS = ['path', 'sha256', 'label', 'predicted', 'confidence', 'known'];
/** Digits of the SHA-256 that are kept: 64 bits, enough to tell any pictures apart. */
const DIGITS = 16;

/** Writes the answers of a run, a row each; of the digests of the pictures the first 16 digits. */
export function writeTestAnswers(folder: string, answers: readonly TestAnswer[]): void {
  const rows = answers.map(({path, sha256, label, predicted, confidence, known}) =>
    [cell(path), sha256.slice(0, DIGITS), cell(label), cell(predicted), confidence.toFixed(5), known].join(','),
  );
  writeAtomically(join(folder, ANSWERS_FILE), `${[COLUMNS.join(','), ...rows].join('\n')}\n`);
}

/** The answers of a run; undefined where none were recorded, or the file is not one that `writeTestAnswers` wrote. */
export function readTestAnswers(folder: string): TestAnswer[] | undefined {
  try {
    const [header, ...rows] = parse(readFileSync(join(folder, ANSWERS_FILE), 'utf8')) as string[][];
    if (header.join() !== COLUMNS.join()) return undefined;
    return rows.map(([path, sha256, label, predicted, confidence, known]) => ({
      path: restoreCell(path),
      sha256,
      label: restoreCell(label),
      predicted: restoreCell(predicted),
      confidence: Number(confidence),
      known: known === 'true',
    }));
  } catch {
    return undefined;
  }
}

/** Quoted where it has to be (RFC 4180), and no formula for a spreadsheet. */
function cell(text: string): string {
  const safe = defuseCell(text);
  return /[",;\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
