import {formatCount, formatPercent} from '../../src/cli/format.ts';
import {wilsonInterval} from '../../src/common/wilson-interval.ts';
import {acceptedShare, type ChangedFigures} from './changed.ts';
import type {CleanFigures} from './measure-clean.ts';
import type {UnknownRow} from './measure-unknown.ts';

/** A figure with its targets. */
export interface Target {
  measure: string;
  /** A share, 0 to 1. */
  measured: number;
  least: number;
  /** Missing if there is only a minimum. */
  aim?: number;
}

export function targetsOf(clean: CleanFigures, changed: ChangedFigures, unknown: readonly UnknownRow[]): Target[] {
  const {worstMild, worstBackground, acceptedMild} = changed;
  const target = (measure: string, measured: number, least: number, aim: number) => ({measure, measured, least, aim});
  const accepted = (pictures: string, measured: number, least: number) => ({
    measure: `accepted, ${pictures}`,
    measured,
    least,
  });
  return [
    target('accuracy, the pictures as they are', clean.evaluation.accuracy, 0.999, 0.9995),
    target('selective accuracy at 99 % coverage', clean.evaluation.selective.accuracy, 0.9997, 1),
    target(`accuracy under the worst mild change (${worstMild.title})`, worstMild.accuracy, 0.95, 0.99),
    target(
      `accuracy under the worst change of the background (${worstBackground.title})`,
      worstBackground.accuracy,
      0.97,
      0.99,
    ),
    accepted('the pictures as they are', clean.accepted, 0.99),
    accepted('mean of the mild changes', acceptedMild, 0.95),
    ...unknown.map((row) => target(`unknown objects rejected: ${row.name}`, rejectedShare(row), 0.9, 1)),
  ];
}

export function targetTable(targets: readonly Target[]): string {
  const rows = targets.map(({measure, measured, least, aim}) => [
    measure,
    formatPercent(measured, 3),
    `${percent(least)}, ${outcome(measured, least)}`,
    aim === undefined ? '-' : `${percent(aim)}, ${outcome(measured, aim)}`,
  ]);
  return table(['measure', 'measured', 'at least', 'aim'], 'lrrr', rows);
}

export function changeTable({rows}: ChangedFigures): string {
  const lines = rows.map((row) => [
    row.title,
    percent(row.accuracy),
    interval(row.interval),
    percent(acceptedShare(row)),
    row.worst ? `${row.worst.label} ${percent(row.worst.recall)}` : '-',
  ]);
  return table(['change', 'accuracy', '95 % interval', 'accepted', 'worst variety'], 'lrrrr', lines);
}

export function unknownTable(rows: readonly UnknownRow[]): string {
  const lines = rows.map((row) => [
    row.name,
    formatCount(row.images),
    percent(rejectedShare(row)),
    interval(wilsonInterval(row.rejected, row.images)),
    counted(row.reasons),
    counted(row.taken),
  ]);
  return table(
    ['pictures of', 'images', 'rejected', '95 % interval', 'reasons', 'the others taken for'],
    'lrrrll',
    lines,
  );
}

/** A table of facts, one per row. */
export function factTable(facts: readonly (readonly [string, string])[]): string {
  return table(['', ''], 'll', facts);
}

export function rejectedShare({images, rejected}: UnknownRow): number {
  return rejected / images;
}

function outcome(measured: number, target: number): string {
  return measured >= target ? 'reached' : '**missed**';
}

function counted(counts: Record<string, number>): string {
  const sorted = Object.entries(counts).sort(([, a], [, b]) => b - a);
  return sorted.map(([name, count]) => `${name} ${formatCount(count)}`).join(', ');
}

/** Both ends of an interval as percentages. */
export function interval({low, high}: {low: number; high: number}): string {
  return `${percent(low)} to ${percent(high)}`;
}

function percent(share: number): string {
  return formatPercent(share, 2);
}

/** A table in Markdown. @param columns one letter per column: l for text, r for figures */
export function table(head: readonly string[], columns: string, rows: readonly (readonly string[])[]): string {
  const rule = Array.from(columns, (side) => (side === 'l' ? '---' : '--:'));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
