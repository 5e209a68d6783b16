/** How well grains were separated, summed over scenes. */
export interface Score {
  grains: number;
  found: number;
  /** Differences of the number of grains, scene by scene, without their signs. */
  countError: number;
  /** Grains whose visible part and one of those found cover each other: intersection over union of at least a half. */
  matched: number;
  /** Sum of these shares of those matched. */
  overlap: number;
}

export const NO_SCORE: Score = {grains: 0, found: 0, countError: 0, matched: 0, overlap: 0};

/** Pixels of a grain that must be visible for it to count. */
const LEAST = 20;

/** Compares two label maps, 0 for the ground, otherwise any numbers. */
export function score(truth: ArrayLike<number>, answer: ArrayLike<number>): Score {
  const [own, other, both] = [new Map<number, number>(), new Map<number, number>(), new Map<string, number>()];
  const count = <Key>(counts: Map<Key, number>, key: Key) => counts.set(key, (counts.get(key) ?? 0) + 1);
  for (let i = 0; i < truth.length; i++) {
    if (truth[i] !== 0) count(own, truth[i]);
    if (answer[i] !== 0) count(other, answer[i]);
    if (truth[i] !== 0 && answer[i] !== 0) count(both, `${truth[i]} ${answer[i]}`);
  }
  const grains = [...own.values()].filter((pixels) => pixels >= LEAST).length;
  let [matched, overlap] = [0, 0];
  // More than a half, so that no grain is matched twice.
  for (const [key, shared] of both) {
    const [a, b] = key.split(' ').map(Number);
    const share = shared / (own.get(a)! + other.get(b)! - shared);
    if (share <= 0.5 || own.get(a)! < LEAST) continue;
    matched++;
    overlap += share;
  }
  return {grains, found: other.size, countError: Math.abs(other.size - grains), matched, overlap};
}

export function add(a: Score, b: Score): Score {
  return {
    grains: a.grains + b.grains,
    found: a.found + b.found,
    countError: a.countError + b.countError,
    matched: a.matched + b.matched,
    overlap: a.overlap + b.overlap,
  };
}
