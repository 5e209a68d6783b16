import {compareLosses} from './samplers/observation.ts';
import type {Hyperband} from './sweep/sweep.ts';

/** The losses of one trial after each of its epochs; lower is better, the first number first. */
export type Course = readonly (readonly number[])[];

/** The best loss up to an epoch, counted from 1. */
export function bestUntil(course: Course, epoch: number): readonly number[] {
  return course.slice(0, epoch).reduce((a, b) => (compareLosses(b, a) < 0 ? b : a));
}

/**
 * Whether a trial may go on beyond a rung: if it is among the best 1/eta of all trials that have come so far (successive
 * halving, Jamieson & Talwalkar 2016, made asynchronous by Li et al. 2020, "A System for Massively Parallel Hyperparameter
 * Tuning"). The first to arrive always goes on.
 *
 * @param others the courses of all other trials
 */
export function passes(course: Course, others: readonly Course[], rung: number, {eta, strict}: Hyperband): boolean {
  const own = bestUntil(course, rung);
  const losses = [own, ...others.filter(({length}) => length >= rung).map((each) => bestUntil(each, rung))];
  losses.sort(compareLosses);
  const last = strict ? Math.ceil(losses.length / eta) - 1 : Math.floor(losses.length / eta);
  return compareLosses(own, losses[Math.min(last, losses.length - 1)]) <= 0;
}

/** The last rung that a trial has reached. */
export function rungReached(epochs: number, {rungs}: Hyperband): number | undefined {
  return rungs.findLast((rung) => rung <= epochs);
}
