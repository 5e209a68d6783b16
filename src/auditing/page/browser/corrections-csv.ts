import {defuseCell} from '../../../common/spreadsheet-cell.ts';
import type {CorrectionRow, ReviewData, ReviewItem} from '../review-item.ts';
import type {Decision} from './decisions.ts';

const COLUMNS = ['path', 'label', 'action', 'given'] as const;

/** The file of corrections: what was corrected before, and what was decided here, which counts. */
export function correctionsCsv(
  {items, earlier}: ReviewData,
  decisionOf: (path: string) => Decision | undefined,
): {text: string; rows: number} {
  const rows = new Map(earlier.map((row) => [row.path, row]));
  for (const item of items) {
    const decision = decisionOf(item.path);
    if (decision) rows.set(item.path, rowOf(item, decision));
  }
  const lines = [[...COLUMNS], ...[...rows.values()].map((row) => COLUMNS.map((column) => row[column]))];
  return {text: lines.map((line) => `${line.map(cell).join(',')}\n`).join(''), rows: rows.size};
}

function rowOf({path, label, given}: ReviewItem, decision: Decision): CorrectionRow {
  if (decision.action === 'relabel') return {path, label: decision.label, action: 'relabel', given};
  // A picture that was corrected before keeps that correction, not the label of its folder.
  if (decision.action === 'keep' && given !== label) return {path, label, action: 'relabel', given};
  return {path, label: '', action: decision.action, given};
}

/** RFC 4180, and no spreadsheet computes it. Control characters stay what they are: the path must be found again. */
function cell(text: string): string {
  const defused = defuseCell(text);
  return /[",;\s]/.test(defused) ? `"${defused.replaceAll('"', '""')}"` : defused;
}
