/** A function to minimize: its value at `x`, whose gradient it writes to `gradient`. */
export type Differentiable = (x: Float64Array, gradient: Float64Array) => number;

/** Pairs of steps and changes of the gradient that are kept. */
const MEMORY = 10;
/** Constants of the line search: Nocedal and Wright, Numerical Optimization, 3.1. */
const SUFFICIENT_DECREASE = 1e-4;
const MOST_HALVINGS = 30;

/**
 * Minimizes a smooth function by L-BFGS with backtracking (Liu and Nocedal 1989; Nocedal and Wright, algorithm 7.4).
 *
 * @param start where to begin; not changed
 * @param tolerance the search ends where the largest element of the gradient is below it
 */
export function minimize(
  f: Differentiable,
  start: Float64Array,
  {iterations = 200, tolerance = 1e-5}: {iterations?: number; tolerance?: number} = {},
): Float64Array {
  let x = Float64Array.from(start);
  let gradient = new Float64Array(x.length);
  let value = f(x, gradient);
  const pairs: {step: Float64Array; change: Float64Array; curvature: number}[] = [];
  for (let iteration = 0; iteration < iterations && largest(gradient) > tolerance; iteration++) {
    const direction = descent(gradient, pairs);
    const slope = dot(direction, gradient);
    let length = pairs.length === 0 ? 1 / Math.max(1, Math.sqrt(dot(gradient, gradient))) : 1;
    let next = x;
    let nextValue = value;
    const nextGradient = new Float64Array(x.length);
    let halvings = 0;
    for (; halvings < MOST_HALVINGS; halvings++) {
      next = x.map((element, i) => element + length * direction[i]);
      nextValue = f(next, nextGradient);
      if (nextValue <= value + SUFFICIENT_DECREASE * length * slope) break;
      length /= 2;
    }
    if (halvings === MOST_HALVINGS) break;
    const step = next.map((element, i) => element - x[i]);
    const change = nextGradient.map((element, i) => element - gradient[i]);
    const curvature = dot(step, change);
    if (curvature > 1e-12) pairs.push({step, change, curvature});
    if (pairs.length > MEMORY) pairs.shift();
    [x, value, gradient] = [next, nextValue, nextGradient];
  }
  return x;
}

/** Minus the gradient, times the inverse Hessian that the pairs imply. */
function descent(
  gradient: Float64Array,
  pairs: readonly {step: Float64Array; change: Float64Array; curvature: number}[],
): Float64Array {
  const direction = gradient.map((element) => -element);
  const shares: number[] = [];
  for (const {step, change, curvature} of [...pairs].reverse()) {
    const share = dot(step, direction) / curvature;
    shares.push(share);
    add(direction, -share, change);
  }
  const last = pairs.at(-1);
  if (last) {
    const scale = last.curvature / dot(last.change, last.change);
    for (let i = 0; i < direction.length; i++) direction[i] *= scale;
  }
  for (const {step, change, curvature} of pairs) {
    const share = shares.pop()! - dot(change, direction) / curvature;
    add(direction, share, step);
  }
  return direction;
}

function add(target: Float64Array, factor: number, other: Float64Array): void {
  for (let i = 0; i < target.length; i++) target[i] += factor * other[i];
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function largest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
