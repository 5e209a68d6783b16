import type {StudyRecord} from '../study/study-folder.ts';
import {bestEpoch, lossOf, ranking, type Trial} from '../study/trial.ts';
import type {MetricName, Sweep} from '../sweep/sweep.ts';

export interface PageData {
  record: StudyRecord;
  sweep: Sweep;
  trials: readonly Trial[];
  /** The command that continues the search. */
  further: string;
  /** The command that uses the best trial; undefined if there is none. */
  use: string | undefined;
  version: string;
}

/** A trial with its value, for charts. */
export interface Point {
  trial: Trial;
  value: number;
  /** From 0 for the best on. */
  rank: number;
}

/** The trials that have a value, the best first. */
export function pointsOf({trials, sweep}: PageData): Point[] {
  const finite = ranking(trials, sweep.metric).filter((trial) =>
    Number.isFinite(lossOf(bestEpoch(trial, sweep.metric)!, sweep.metric)[0]),
  );
  return finite.map((trial, rank) => ({trial, rank, value: bestEpoch(trial, sweep.metric)![sweep.metric.name]}));
}

/** A value of a metric: an accuracy as a percentage. */
export function metricText(name: MetricName, value: number, digits = name.endsWith('accuracy') ? 2 : 4): string {
  return name.endsWith('accuracy') ? `${(100 * value).toFixed(digits)}%` : value.toFixed(digits);
}

export function valueText(value: unknown): string {
  return typeof value === 'number' && !Number.isInteger(value) ? String(Number(value.toPrecision(4))) : String(value);
}
