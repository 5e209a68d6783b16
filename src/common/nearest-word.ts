/** The candidate nearest to a misspelled word, or undefined if none is near enough. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  // A third of the letters may be wrong: `modle` finds `model`, `x` finds nothing.
  let limit = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    const prefix = word.length >= 3 && candidate.toLowerCase().startsWith(word.toLowerCase());
    const score = prefix ? Math.min(distance, 1) : distance;
    if (score < limit) {
      best = candidate;
      limit = score;
    }
  }
  return best;
}

/** Optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbors each cost 1. */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({length: b.length + 1}, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const substitution = previous[column - 1] + (a[row - 1] === b[column - 1] ? 0 : 1);
      let cost = Math.min(previous[column] + 1, current[column - 1] + 1, substitution);
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) cost = Math.min(cost, before[column - 2] + 1);
      current.push(cost);
    }
    before = previous;
    previous = current;
  }
  return previous[b.length];
}
