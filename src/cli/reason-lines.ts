import {REASON_HELP, type Reason} from '../model/rejection.ts';
import type {ReasonCounts} from '../prediction/reason-tally.ts';
import {wrapWords} from './fit.ts';
import {formatCount} from './format.ts';

/** Each rejection reason with its count: `2 no grain, 1 low confidence`. */
export function listReasons(reasons: ReasonCounts): string {
  return countsOf(reasons).map(describe).join(', ');
}

/**
 * One line per reason: what it means and what helps.
 *
 * @param counted whether to print the counts; false for a single picture
 * @param columns of the terminal
 */
export function renderReasons(reasons: ReasonCounts, {counted, columns}: {counted: boolean; columns: number}): string {
  const lines = countsOf(reasons).map(([reason, count]) => {
    const head = counted ? describe([reason, count]) : reason;
    return `${wrapWords(`${head}: ${REASON_HELP[reason]}`, columns, 2)}\n`;
  });
  return lines.join('');
}

function describe([reason, count]: [Reason, number]): string {
  return `${formatCount(count)} ${reason}`;
}

function countsOf(reasons: ReasonCounts): [Reason, number][] {
  return Object.entries(reasons) as [Reason, number][];
}
