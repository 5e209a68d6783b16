import {Random} from '../../src/training/random.ts';
import type {GroundKind, SceneOptions, ThingKind} from '../scenes/types.ts';

/** One scene of the benchmark. */
export interface ScenePlan {
  /** From 0; names the scene together with the seed. */
  number: number;
  /** Without `varieties`, which the composer of the set adds. */
  options: SceneOptions;
  jpegQuality: number;
  random: Random;
}

export type Overlap = number | 'touching';

const OVERLAPS: readonly Overlap[] = [0, 'touching', 0.05, 0.15, 0.25];
const MAIN_GROUNDS: readonly GroundKind[] = ['black felt', 'blue', 'white'];
/** For the variety by overlap, as it was published for dark grounds. */
const ON_DARK: readonly Overlap[] = [0.1, 0.2];
const OTHER_GROUNDS: readonly GroundKind[] = ['grey cloth', 'ridged wood', 'violet cloth', 'beige paper', 'green'];

/** Every ground with every overlap, then other grounds: a round of 22 scenes. */
const ROUND: readonly (readonly [GroundKind, Overlap])[] = [
  ...OVERLAPS.flatMap((overlap) => MAIN_GROUNDS.map((ground) => [ground, overlap] as const)),
  ...ON_DARK.map((overlap) => ['black felt', overlap] as const),
  ...OTHER_GROUNDS.map((ground, i) => [ground, i % 2 === 0 ? 0 : 'touching'] as const),
];

/** A grain covers about so many pixels of the dataset. */
const GRAIN_AREA = 8200;
const MOST_COVERED = 0.16;

/**
 * Scenes in an order in which any number of them is a fair selection: 20 to 200 grains, sides of 1,200 to 4,000 pixels, scale
 * 0.48 to 1. Scene `number` depends only on it and the seed.
 *
 * @param labels of the varieties; a scene has one to all of them, in uneven shares
 */
export function planScenes(count: number, seed: number, labels: readonly string[]): ScenePlan[] {
  return Array.from({length: count}, (_, number) => planScene(number, seed, labels));
}

function planScene(number: number, seed: number, labels: readonly string[]): ScenePlan {
  const random = new Random(seed, 'scan', number);
  // A step that shares no factor with the round's length, so that the first few scenes differ in both.
  const [ground, overlap] = ROUND[(number * 7) % ROUND.length];
  const scale = random.uniform(0.48, 1);
  const width = Math.round(1200 * (4000 / 1200) ** (random.uniform() ** 1.5));
  const height = Math.round(Math.max(1200, width * random.uniform(0.6, 1)));
  const room = (width * height * MOST_COVERED) / (GRAIN_AREA * scale * scale);
  const grains = Math.round(Math.min(20 * 10 ** random.uniform(), Math.max(20, room)));
  const things: ThingKind[] = [];
  for (const kind of ['stone', 'seed', 'thread'] as const) if (random.chance(0.3)) things.push(kind);
  if (width > 1800 && random.chance(0.5)) things.push(random.chance(0.5) ? 'coin' : 'cap');
  const options: SceneOptions = {
    width,
    height,
    ground,
    grains,
    scale,
    overlap,
    joined: 0.8,
    broken: 0.12,
    things,
    shadow: ground === 'white' ? random.uniform(0.2, 0.5) : random.uniform(0.1, 0.35),
    gradient: random.uniform(0, 0.4),
    blur: random.uniform(0.3, 0.9),
    noise: random.uniform(0.8, 3),
    brightness: ground === 'white' ? random.uniform(0.85, 1) : random.uniform(0.92, 1.03),
    unevenness: 0.04,
    gains: [random.uniform(0.93, 1), random.uniform(0.95, 1), random.uniform(0.9, 1)],
    varieties: drawShares(labels, random),
  };
  return {number, options, jpegQuality: 75 + random.below(21), random};
}

function drawShares(labels: readonly string[], random: Random): Record<string, number> {
  const count = random.chance(0.5) ? labels.length : 1 + random.below(labels.length);
  const chosen = [...random.permutation(labels.length)].slice(0, count);
  return Object.fromEntries(chosen.map((index) => [labels[index], random.uniform(0.2, 1)]));
}
