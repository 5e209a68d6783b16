import type {Random} from '../../training/random.ts';

const TREES = 100;
const DEEPEST = 6;
/** Fewest rows in a leaf. */
const LEAF = 2;

type Tree = {value: number} | {column: number; at: number; left: Tree; right: Tree};

/** A tree, and the rows that it was not grown on. */
export interface GrownTree {
  tree: Tree;
  outside: number[];
}

/**
 * A random forest for regression (Breiman 2001): each tree is grown on rows drawn with replacement, and splits where the
 * sum of squares falls most, among a random two thirds of the columns.
 *
 * @param rows each with one number a column
 */
export function growForest(
  rows: readonly (readonly number[])[],
  targets: readonly number[],
  random: Random,
): GrownTree[] {
  return Array.from({length: TREES}, () => {
    const drawn = rows.map(() => random.below(rows.length));
    const inside = new Set(drawn);
    return {
      tree: grow(drawn, 0),
      outside: rows.map((_, i) => i).filter((i) => !inside.has(i)),
    };
  });

  function grow(sample: readonly number[], depth: number): Tree {
    const mean = sample.reduce((sum, i) => sum + targets[i], 0) / sample.length;
    const split = depth < DEEPEST && sample.length >= 2 * LEAF ? bestSplit(sample) : undefined;
    if (!split) return {value: mean};
    const {column, at} = split;
    const left = sample.filter((i) => rows[i][column] <= at);
    const right = sample.filter((i) => rows[i][column] > at);
    return {column, at, left: grow(left, depth + 1), right: grow(right, depth + 1)};
  }

  function bestSplit(sample: readonly number[]): {column: number; at: number} | undefined {
    const count = rows[0].length;
    const columns = random.permutation(count).slice(0, Math.max(1, Math.ceil((2 * count) / 3)));
    let best: {column: number; at: number; gain: number} | undefined;
    const total = sample.reduce((sum, i) => sum + targets[i], 0);
    for (const column of columns) {
      const sorted = [...sample].sort((a, b) => rows[a][column] - rows[b][column]);
      let sum = 0;
      for (let k = 1; k < sorted.length; k++) {
        sum += targets[sorted[k - 1]];
        const [before, after] = [rows[sorted[k - 1]][column], rows[sorted[k]][column]];
        if (before === after || k < LEAF || sorted.length - k < LEAF) continue;
        // The sum of squares within the halves is least where this is largest.
        const gain = (sum * sum) / k + (total - sum) ** 2 / (sorted.length - k) - (total * total) / sorted.length;
        if (gain > (best?.gain ?? 1e-12)) best = {column, at: (before + after) / 2, gain};
      }
    }
    return best;
  }
}

export function predictTree(tree: Tree, row: readonly number[]): number {
  let node = tree;
  while (!('value' in node)) node = row[node.column] <= node.at ? node.left : node.right;
  return node.value;
}
