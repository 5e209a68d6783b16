/** Pixels that a grain has at least. */
const LEAST_GRAIN = 12;
/** Pixels that a piece of a grain has at least, if another lies between it and the rest; and its least share of the grain. */
const LEAST_PIECE = 14;
const LEAST_PIECE_SHARE = 0.12;

interface Pieces {
  /** Number of each pixel's piece, from 1; 0 outside of the mask. */
  of: Int32Array;
  /** By piece: the label, and the number of pixels. */
  labels: number[];
  sizes: number[];
}

/**
 * Gives crumbs to the grain that they touch most: pieces apart from the rest of their grain, unless large enough to be what another grain
 * that crosses it leaves to be seen, and grains too small to be one. What touches nothing stays. Changes the map; labels are then 1 to
 * the number of grains, in the order of their first pixel.
 */
export function tidy(map: Int32Array, width: number): void {
  // Twice: a crumb may have been given to another crumb.
  for (let round = 0; round < 2; round++) {
    const pieces = connected(map, width);
    const totals = new Map<number, number>();
    pieces.labels.forEach((label, i) => {
      if (i > 0) totals.set(label, (totals.get(label) ?? 0) + pieces.sizes[i]);
    });
    const largest = new Map<number, number>();
    pieces.labels.forEach((label, i) => {
      if (i > 0 && pieces.sizes[i] > (largest.get(label) ?? 0)) largest.set(label, pieces.sizes[i]);
    });
    const crumbs = pieces.sizes.map((size, i) => {
      if (i === 0) return false;
      const total = totals.get(pieces.labels[i])!;
      if (size === largest.get(pieces.labels[i])) return total < LEAST_GRAIN;
      return size < Math.max(LEAST_PIECE, LEAST_PIECE_SHARE * total);
    });
    if (!crumbs.includes(true)) break;
    const given = receivers(pieces, crumbs, width);
    for (let i = 0; i < map.length; i++) if (given[pieces.of[i]] > 0) map[i] = given[pieces.of[i]];
  }
  renumber(map);
}

/** For each crumb the label that it touches most, one that is no crumb first; 0 for what is none or touches nothing. */
function receivers({of, labels}: Pieces, crumbs: boolean[], width: number): number[] {
  const contacts = new Map<number, Map<number, number>>();
  const touch = (piece: number, other: number) => {
    if (other === 0 || other === piece) return;
    const counts = contacts.get(piece) ?? new Map<number, number>();
    contacts.set(piece, counts);
    // Many times less than one contact with what is no crumb.
    counts.set(labels[other], (counts.get(labels[other]) ?? 0) + (crumbs[other] ? 1e-6 : 1));
  };
  for (let i = 0; i < of.length; i++) {
    if (!crumbs[of[i]]) continue;
    const x = i % width;
    for (let start = i - width; start <= i + width; start += width) {
      if (start < 0 || start >= of.length) continue;
      // By their corners too: where else would a crumb belong?
      for (let j = x > 0 ? start - 1 : start; j <= (x < width - 1 ? start + 1 : start); j++) touch(of[i], of[j]);
    }
  }
  return labels.map((own, piece) => {
    let [best, most] = [0, 0];
    for (const [label, count] of contacts.get(piece) ?? [])
      if (label !== own && count > most) [best, most] = [label, count];
    return best;
  });
}

/** Connected pixels of one label, by their four neighbors. */
function connected(map: Int32Array, width: number): Pieces {
  const of = new Int32Array(map.length);
  const labels = [0];
  const sizes = [0];
  const stack = new Int32Array(map.length);
  for (let start = 0; start < map.length; start++) {
    if (map[start] === 0 || of[start] !== 0) continue;
    const label = map[start];
    const piece = labels.push(label) - 1;
    let top = 0;
    let size = 0;
    stack[top++] = start;
    of[start] = piece;
    while (top > 0) {
      const i = stack[--top];
      size++;
      const x = i % width;
      for (let side = 0; side < 4; side++) {
        // Left, right, above, below; -1 beyond a border.
        const next =
          side === 0
            ? x > 0
              ? i - 1
              : -1
            : side === 1
              ? x < width - 1
                ? i + 1
                : -1
              : i + (side === 2 ? -width : width);
        if (next < 0 || next >= map.length || of[next] !== 0 || map[next] !== label) continue;
        of[next] = piece;
        stack[top++] = next;
      }
    }
    sizes.push(size);
  }
  return {of, labels, sizes};
}

function renumber(map: Int32Array): void {
  const numbers = new Map<number, number>();
  for (let i = 0; i < map.length; i++) {
    if (map[i] === 0) continue;
    const number = numbers.get(map[i]) ?? numbers.size + 1;
    numbers.set(map[i], number);
    map[i] = number;
  }
}
