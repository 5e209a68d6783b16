import {formatCount, formatPercent} from '../../src/cli/format.ts';
import {wilsonInterval} from '../../src/common/wilson-interval.ts';
import type {Bin, Figures} from './figures.ts';
import type {UnknownRow} from './measure-unknown.ts';

/** A figure with its targets. */
export interface Target {
  measure: string;
  /** A share, 0 to 1. */
  measured: number;
  least: number;
  /** Missing if there is only a minimum. */
  aim?: number;
  /** Whether it is the smaller the better: `least` and `aim` are then the most that it may be. */
  small?: boolean;
}

export function targetTable(targets: readonly Target[]): string {
  const rows = targets.map(({measure, measured, least, aim, small}) => {
    const outcome = (target: number) => {
      const reached = small ? measured <= target : measured >= target;
      return `${small ? 'at most ' : ''}${percent(target)}, ${reached ? 'reached' : '**missed**'}`;
    };
    return [
      measure,
      Number.isNaN(measured) ? '-' : formatPercent(measured, 3),
      outcome(least),
      aim === undefined ? '-' : outcome(aim),
    ];
  });
  return table(['measure', 'measured', 'at least', 'aim'], 'lrrr', rows);
}

/** One row a change, or a camera. */
export function figureTable(rows: readonly (readonly [title: string, figures: Figures])[]): string {
  const head = [
    'pictures',
    'images',
    'right',
    'accepted',
    'right of those',
    'accepted and wrong',
    'right and accepted',
  ];
  const lines = rows.map(
    ([title, {images, accuracy, accepted, rightOfAccepted, acceptedWrong, rightAccepted, reasons}]) => [
      title,
      formatCount(images),
      percent(accuracy),
      percent(accepted),
      Number.isNaN(rightOfAccepted) ? '-' : percent(rightOfAccepted),
      percent(acceptedWrong),
      percent(rightAccepted),
      counted(reasons),
    ],
  );
  return table([...head, 'why rejected'], 'lrrrrrrl', lines);
}

/** Of pictures whose label nobody knows. */
export function foundTable(rows: readonly (readonly [title: string, figures: Figures])[]): string {
  const lines = rows.map(([title, {images, found, accepted, reasons}]) => [
    title,
    formatCount(images),
    percent(found),
    percent(accepted),
    counted(reasons),
  ]);
  return table(['pictures', 'images', 'a grain found', 'accepted', 'why rejected'], 'lrrrl', lines);
}

export function calibrationTable(bins: readonly Bin[]): string {
  const lines = bins.map(({from, to, answers, confidence, right}) => [
    `${from} to ${to}`,
    formatCount(answers),
    answers === 0 ? '-' : percent(confidence),
    answers === 0 ? '-' : percent(right),
    answers === 0 ? '-' : interval(wilsonInterval(Math.round(right * answers), answers)),
  ]);
  return table(['confidence', 'accepted answers', 'mean', 'right', '95 % interval'], 'lrrrr', lines);
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
