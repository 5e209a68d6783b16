import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {decodeImage} from '../../src/image/decode.ts';
import type {Frame} from '../../src/image/frame.ts';
import type {Random} from '../../src/training/random.ts';
import {batchOf} from './batch-of.ts';
import {type CutOut, cutOut} from './cut-out.ts';
import type {GrainFiles} from './grains-of.ts';

export interface LoadOptions {
  /** How many pictures of each variety are taken; all by default. */
  count?: number;
  /** Which. */
  random: Random;
  /** The largest scale at which they are needed, 1 by default: less takes less memory. */
  scale?: number;
  onProgress?: (progress: {done: number; total: number}) => void;
}

/** Grains cut out of their pictures, by variety. */
export class GrainPictures {
  readonly #grains: ReadonlyMap<string, readonly CutOut[]>;

  constructor(grains: ReadonlyMap<string, readonly CutOut[]>) {
    this.#grains = grains;
  }

  /** Pictures that hold no whole grain are left out. @throws RiceError where a file cannot be decoded */
  static async load({root, files}: GrainFiles, options: LoadOptions): Promise<GrainPictures> {
    const {count = Number.POSITIVE_INFINITY, random, scale = 1, onProgress} = options;
    const chosen = Object.entries(files).map(([label, paths]): [string, string[]] => [
      label,
      [...random.permutation(paths.length)].slice(0, count).map((index) => paths[index]),
    ]);
    const total = chosen.reduce((sum, [, paths]) => sum + paths.length, 0);
    const grains = new Map<string, CutOut[]>();
    let done = 0;
    for (const [label, paths] of chosen) {
      const cut: CutOut[] = [];
      for (const path of paths) {
        const {frame} = await decodeImage(await readFile(join(root, path)));
        const grain = cutOut(frame, label, path);
        if (grain) cut.push(forScale(grain, scale));
        onProgress?.({done: ++done, total});
      }
      grains.set(label, cut);
    }
    return new GrainPictures(grains);
  }

  /** Of pictures that are decoded. */
  static fromFrames(frames: Iterable<{label: string; file: string; frame: Frame}>): GrainPictures {
    const grains = new Map<string, CutOut[]>();
    for (const {label, file, frame} of frames) {
      const grain = cutOut(frame, label, file);
      if (grain) grains.set(label, [...(grains.get(label) ?? []), grain]);
    }
    return new GrainPictures(grains);
  }

  get labels(): string[] {
    return [...this.#grains.keys()];
  }

  /**
   * For each variety with pictures of several batches, one of them, as often as its pictures are: a photograph is taken by
   * one camera at one scale.
   */
  drawBatches(random: Random): Record<string, number> {
    const batches: Record<string, number> = {};
    for (const [label, grains] of this.#grains) {
      const own = grains.map(({file}) => batchOf(label, file));
      if (new Set(own).size > 1) batches[label] = own[random.below(own.length)];
    }
    return batches;
  }

  /**
   * A grain; its variety is drawn first.
   *
   * @param weights how often each variety occurs, all alike by default
   * @param batches see `drawBatches`; a variety that is not named has grains of all its batches
   */
  draw(
    random: Random,
    weights?: Readonly<Record<string, number>>,
    batches: Readonly<Record<string, number>> = {},
  ): CutOut {
    const labels = this.labels;
    const weightOf = (label: string) => (weights ? (weights[label] ?? 0) : 1);
    let rest = random.uniform() * labels.reduce((sum, label) => sum + weightOf(label), 0);
    let chosen = labels.findLast((label) => weightOf(label) > 0) ?? labels[0];
    for (const label of labels) {
      rest -= weightOf(label);
      if (rest < 0) {
        chosen = label;
        break;
      }
    }
    const batch = batches[chosen];
    const all = this.#grains.get(chosen)!;
    const grains = batch === undefined ? all : all.filter(({file}) => batchOf(chosen, file) === batch);
    return grains[random.below(grains.length)];
  }
}

/** Without the levels that are larger than any use of them. */
function forScale(grain: CutOut, scale: number): CutOut {
  const needed = grain.levels.findLastIndex(({step}) => step * scale <= 1.001);
  return {...grain, levels: grain.levels.slice(Math.max(0, needed))};
}
