import {byCodePoint} from '../common/code-point-order.ts';
import type {RunSummary} from './run-summary.ts';

type Order = (a: RunSummary, b: RunSummary) => number;

const accuracyOf = ({test, validation}: RunSummary) => test?.accuracy ?? validation?.accuracy ?? -1;

/** The newest, the best, the longest first; names and states from A to Z. */
const ORDERS = {
  date: (a, b) => byCodePoint(b.date, a.date),
  name: (a, b) => byCodePoint(a.name, b.name),
  accuracy: (a, b) => accuracyOf(b) - accuracyOf(a),
  epochs: (a, b) => b.epochs.done - a.epochs.done,
  time: (a, b) => (b.seconds ?? -1) - (a.seconds ?? -1),
  network: (a, b) => byCodePoint(a.network, b.network),
  state: (a, b) => byCodePoint(a.state, b.state),
} as const satisfies Record<string, Order>;

export type RunOrder = keyof typeof ORDERS;
export const RUN_ORDERS = Object.keys(ORDERS) as RunOrder[];

/** The runs in an order; equal ones by name. Accuracy is that of the test, where there was none that of validation. */
export function sortRuns(runs: readonly RunSummary[], order: RunOrder): RunSummary[] {
  return [...runs].sort((a, b) => ORDERS[order](a, b) || byCodePoint(a.name, b.name));
}
