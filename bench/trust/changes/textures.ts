import type {RandomStream} from '../../../src/evaluation/robustness/random-stream.ts';
import {between, direction} from './change.ts';
import type {Color, Ground} from './ground.ts';

/** One color, with the fine grain of paper. */
export function paper([red, green, blue]: Color, roughness: number, random: RandomStream): Ground {
  const bumps = lattice(random, 128);
  return (x, y) => {
    const gain = 1 + roughness * (bumps(x / 1.7, y / 1.7) - 0.5) + roughness * (bumps(x / 60 + 40, y / 60) - 0.5);
    return [red * gain, green * gain, blue * gain];
  };
}

/** A plain weave with threads that differ and a fold. */
export function cloth([red, green, blue]: Color, random: RandomStream): Ground {
  const [cos, sin] = direction(random);
  const pitch = between(random, 4, 7);
  const threads = lattice(random, 128);
  const folds = lattice(random, 32);
  return (x, y) => {
    const u = (x * cos + y * sin) / pitch;
    const v = (y * cos - x * sin) / pitch;
    const weave = 0.1 * Math.sin(2 * Math.PI * u) * Math.sin(2 * Math.PI * v);
    const gain = 1 + weave + 0.14 * (threads(u, v / 9) - 0.5) + 0.14 * (threads(u / 9, v) - 0.5);
    const light = gain + 0.2 * (folds(x / 110, y / 110) - 0.5);
    return [red * light, green * light, blue * light];
  };
}

/**
 * Boards with ridges: each is lit on one side and shaded on the other, with a dark groove between two, and has lines of
 * grain along it.
 */
export function grooved(random: RandomStream): Ground {
  const [cos, sin] = direction(random);
  const pitch = between(random, 28, 60);
  const start = between(random, 0, pitch);
  const base: Color = random.uniform() < 0.5 ? [150, 104, 66] : [112, 78, 54];
  const boards = lattice(random, 64);
  const lines = lattice(random, 128);
  const fibers = lattice(random, 128);
  return (x, y) => {
    const u = x * cos + y * sin;
    const across = y * cos - x * sin + 3 * Math.sin(u / 90) + start;
    const place = across / pitch - Math.floor(across / pitch);
    const groove = -0.5 * Math.exp(-(((place - 0.5) / 0.07) ** 2));
    const edge = 0.22 * Math.exp(-(((place - 0.38) / 0.06) ** 2)) - 0.12 * Math.exp(-(((place - 0.64) / 0.09) ** 2));
    const board = 0.24 * (boards(Math.floor(across / pitch - 0.5) * 7.3 + 300, 0.5) - 0.5);
    const streaks = 0.26 * (lines(across / 3.2, u / 120) - 0.5) + 0.14 * (fibers(across / 1.4, u / 22) - 0.5);
    const gain = Math.max(0.1, 1 + groove + edge + board + streaks);
    return [base[0] * gain, base[1] * gain, base[2] * gain];
  };
}

/**
 * Planed wood as phones take it with a grain of some 70 pixels: light, with dark lines of pores and a fine relief of
 * fibers that is as bright in places as the grain. Figures by wood of kitchen boards: a standard deviation of 26 to 35
 * levels around 150 to 170; correlated over 1 pixel across the lines, and by 0.75, 0.4 and 0.3 over 1, 2 and 8 along.
 */
export function porousWood(random: RandomStream): Ground {
  const [cos, sin] = direction(random);
  const light = between(random, 150, 176);
  const relief = between(random, 0.55, 0.95);
  const fibers = lattice(random, 128);
  const ripple = lattice(random, 128);
  const pores = lattice(random, 128);
  const places = lattice(random, 64);
  const boards = lattice(random, 32);
  const joint = between(random, -80, 80);
  const step = random.uniform() < 0.4 ? between(random, -0.2, 0.2) : 0;
  return (x, y) => {
    const u = x * cos + y * sin;
    const v = y * cos - x * sin + 2 * Math.sin(u / 37);
    const fine = relief * (fibers(v / 1.1 + 50, u / 2.1) - 0.5) + 0.5 * relief * (ripple(v / 2.4, u / 1.6) - 0.5);
    // A line of pores is where a slow field along it is low, and only in places.
    const line = Math.max(0, 0.36 - pores(v / 2, u / 40 + 9)) / 0.36;
    const dense = 0.35 + 0.65 * places(v / 9, u / 60);
    const dark = 0.45 * Math.min(1, 1.8 * line) * dense;
    const board = 0.16 * (boards(v / 30, u / 110) - 0.5) + (v > joint ? step : 0);
    const gain = Math.max(0.2, 1 + fine - dark + board);
    // Pores are browner than what is around them.
    return [light * 1.02 * gain, light * (gain - 0.06 * dark), light * 0.95 * (gain - 0.08 * dark)];
  };
}

/** Smooth random values in [0, 1], one for each unit, repeated after `period`, a power of two. */
function lattice(random: RandomStream, period: number): (x: number, y: number) => number {
  const values = Float32Array.from({length: period * period}, () => random.uniform());
  const last = period - 1;
  return (x, y) => {
    const [i, j] = [Math.floor(x), Math.floor(y)];
    const fx = x - i;
    const fy = y - j;
    const [sx, sy] = [fx * fx * (3 - 2 * fx), fy * fy * (3 - 2 * fy)];
    const above = (j & last) * period;
    const below = ((j + 1) & last) * period;
    const [left, right] = [i & last, (i + 1) & last];
    const upper = values[above + left] + sx * (values[above + right] - values[above + left]);
    const lower = values[below + left] + sx * (values[below + right] - values[below + left]);
    return upper + sy * (lower - upper);
  };
}
