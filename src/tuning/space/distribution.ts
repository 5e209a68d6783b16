import {betaQuantile} from './beta.ts';
import {normalQuantile} from './normal.ts';

/** How the values of one parameter are distributed before anything is known of them. */
export type Distribution =
  | {kind: 'constant'; value: unknown}
  | {kind: 'categorical'; values: readonly unknown[]; probabilities: readonly number[]}
  | NumericDistribution;

export interface NumericDistribution {
  kind: 'numeric';
  name: NumericName;
  numbers: Readonly<Numbers>;
}

export type Numbers = Partial<Record<'min' | 'max' | 'mu' | 'sigma' | 'a' | 'b' | 'q', number>>;

interface Shape {
  /** The numbers that must be there, and those that have a default. */
  required: readonly (keyof Numbers)[];
  defaults: Readonly<Numbers>;
  /** Whether min must be above 0. */
  positive?: boolean;
  quantile: (u: number, numbers: Required<Numbers>) => number;
}

const RANGE = {required: ['min', 'max'], defaults: {}} as const;
const BELL = {required: [], defaults: {mu: 0, sigma: 1}} as const;
const between = (u: number, low: number, high: number) => low + u * (high - low);

const CONTINUOUS = {
  uniform: {...RANGE, quantile: (u, {min, max}) => between(u, min, max)},
  log_uniform: {...RANGE, quantile: (u, {min, max}) => Math.exp(between(u, min, max))},
  log_uniform_values: {
    ...RANGE,
    positive: true,
    quantile: (u, {min, max}) => clip(Math.exp(between(u, Math.log(min), Math.log(max))), min, max),
  },
  normal: {...BELL, quantile: (u, {mu, sigma}) => mu + sigma * normalQuantile(u)},
  log_normal: {...BELL, quantile: (u, {mu, sigma}) => Math.exp(mu + sigma * normalQuantile(u))},
  beta: {required: [], defaults: {a: 1, b: 1}, quantile: (u, {a, b}) => betaQuantile(u, a, b)},
} as const satisfies Record<string, Shape>;

const quantized = (shape: Shape): Shape => ({
  ...shape,
  defaults: {...shape.defaults, q: 1},
  quantile: (u, numbers) => toMultiple(shape.quantile(u, numbers), numbers.q),
});

/**
 * The numerical distributions of W&B's sweeps by their names
 * (https://docs.wandb.ai/models/sweeps/sweep-config-keys), each as the inverse of its cumulative distribution.
 */
export const NUMERIC = {
  ...CONTINUOUS,
  int_uniform: {
    ...RANGE,
    quantile: (u, {min, max}) => Math.min(max, min + Math.floor(u * (max - min + 1))),
  },
  // log(1 / x) is uniform from min to max.
  inv_log_uniform: {...RANGE, quantile: (u, {min, max}) => Math.exp(-between(u, max, min))},
  // log(1 / x) is uniform from log(1 / max) to log(1 / min).
  inv_log_uniform_values: CONTINUOUS.log_uniform_values,
  q_uniform: quantized(CONTINUOUS.uniform),
  q_log_uniform: quantized(CONTINUOUS.log_uniform),
  q_log_uniform_values: quantized(CONTINUOUS.log_uniform_values),
  q_normal: quantized(CONTINUOUS.normal),
  q_log_normal: quantized(CONTINUOUS.log_normal),
  q_beta: quantized(CONTINUOUS.beta),
} as const satisfies Record<string, Shape>;

export type NumericName = keyof typeof NUMERIC;

/** The value below which a share `u` of all values lies, from 0 to 1. */
export function quantileOf({name, numbers}: NumericDistribution, u: number): number {
  return NUMERIC[name].quantile(u, numbers as Required<Numbers>);
}

/**
 * The share of values below this one, from 0 to 1: in the middle of its step where values are discrete. In these units
 * every distribution is uniform, so samplers need to know no other.
 */
export function positionOf(distribution: NumericDistribution, value: number): number {
  const slack = 1e-12 * Math.max(1, Math.abs(value));
  const first = firstAbove((x) => x >= value - slack);
  const past = firstAbove((x) => x > value + slack);
  return (first + past) / 2;

  function firstAbove(reached: (x: number) => boolean): number {
    let [low, high] = [0, 1];
    if (reached(quantileOf(distribution, 0))) return 0;
    for (let i = 0; i < 52; i++) {
      const middle = (low + high) / 2;
      if (reached(quantileOf(distribution, middle))) high = middle;
      else low = middle;
    }
    return high;
  }
}

/** All values of a discrete distribution of limited range, for a grid; undefined for others. */
export function valuesOf({name, numbers}: NumericDistribution): number[] | undefined {
  const {min, max, q} = numbers as Required<Numbers>;
  if (name !== 'int_uniform' && name !== 'q_uniform') return undefined;
  const step = name === 'int_uniform' ? 1 : q;
  const first = roundToEven(min / step);
  return Array.from({length: roundToEven(max / step) - first + 1}, (_, i) => clean((first + i) * step));
}

/** The nearest multiple of q. */
function toMultiple(value: number, q: number): number {
  return clean(roundToEven(value / q) * q);
}

/** Ties go to even numbers, as in Python. */
function roundToEven(value: number): number {
  const floor = Math.floor(value);
  return value - floor === 0.5 ? floor + (floor % 2 === 0 ? 0 : 1) : Math.round(value);
}

/** Without the noise of binary fractions: 0.3, not 0.30000000000000004. */
function clean(value: number): number {
  return Number(value.toPrecision(12));
}

function clip(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
