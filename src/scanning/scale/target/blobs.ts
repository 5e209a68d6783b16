import type {Point} from '../../types.ts';

/** Connected dark pixels, with what tells whether they may be a marker. */
export interface Blob {
  area: number;
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/**
 * Connected runs of marked pixels. The picture's labels are those of runs, so that a corner can be looked for later.
 *
 * @param least shortest side of a box that is kept, in pixels
 * @returns blobs with the first and the last pixel of each of their rows, as corners of pixels
 */
export function findBlobs(
  marked: Uint8Array,
  width: number,
  height: number,
  least: number,
): {blob: Blob; rim: Point[]}[] {
  const runs: number[] = [];
  const parent: number[] = [];
  const rowStarts: number[] = [];
  for (let y = 0; y < height; y++) {
    let above = rowStarts[y - 1] ?? 0;
    const aboveEnd = runs.length / 3;
    rowStarts.push(aboveEnd);
    for (let x = y * width, end = x + width; x < end; x++) {
      if (marked[x] === 0) continue;
      const from = x;
      while (x < end && marked[x] === 1) x++;
      const run = runs.length / 3;
      runs.push(y, from - y * width, x - y * width);
      parent.push(run);
      if (y === 0) continue;
      while (above < aboveEnd && runs[above * 3 + 2] <= from - y * width) above++;
      for (let other = above; other < aboveEnd && runs[other * 3 + 1] < x - y * width; other++) join(run, other);
    }
  }
  const blobs = new Map<number, Blob>();
  for (let run = 0; run < parent.length; run++) {
    const [y, from, to] = [runs[run * 3], runs[run * 3 + 1], runs[run * 3 + 2]];
    const root = rootOf(run);
    const blob = blobs.get(root);
    if (!blob) blobs.set(root, {area: to - from, left: from, top: y, right: to, bottom: y + 1});
    else {
      blob.area += to - from;
      blob.left = Math.min(blob.left, from);
      blob.right = Math.max(blob.right, to);
      blob.bottom = y + 1;
    }
  }
  const kept = new Map<number, {blob: Blob; rim: Point[]}>();
  for (const [root, blob] of blobs)
    if (blob.right - blob.left >= least && blob.bottom - blob.top >= least) kept.set(root, {blob, rim: []});
  for (let run = 0; run < parent.length; run++) {
    const [y, from, to] = [runs[run * 3], runs[run * 3 + 1], runs[run * 3 + 2]];
    kept.get(rootOf(run))?.rim.push([from, y], [from, y + 1], [to, y], [to, y + 1]);
  }
  return [...kept.values()];

  function rootOf(run: number): number {
    let root = run;
    while (parent[root] !== root) {
      parent[root] = parent[parent[root]];
      root = parent[root];
    }
    return root;
  }

  function join(one: number, other: number): void {
    const [a, b] = [rootOf(one), rootOf(other)];
    if (a !== b) parent[Math.max(a, b)] = Math.min(a, b);
  }
}
