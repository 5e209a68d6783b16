/**
 * Runs of adjacent cells (run-length encoding) as consecutive (row, start, end), sorted by row and start; `end` is
 * exclusive.
 */
export type Runs = Int32Array;

export const RUN = 3;

export interface Components {
  /** For each run, the first run of its component. */
  roots: Int32Array;
  /** First run of the largest component; of equally large ones the first. */
  largest: number;
  /** Area in cells of every component. */
  areas: number[];
}

let parents = new Int32Array(1024);
let areas = new Int32Array(1024);

/** Finds the 4-connected components of cells given as runs; the result is valid until the next call. */
export function connectRuns(runs: Runs): Components {
  const count = runs.length / RUN;
  if (parents.length < count) {
    parents = new Int32Array(2 * count);
    areas = new Int32Array(2 * count);
  }
  joinRows(runs, count);
  areas.fill(0, 0, count);
  let largest = 0;
  for (let i = 0; i < count; i++) {
    // A root precedes all other runs of its component, so one step of path compression is enough here.
    parents[i] = parents[parents[i]];
    areas[parents[i]] += runs[i * RUN + 2] - runs[i * RUN + 1];
  }
  const found: number[] = [];
  for (let i = 0; i < count; i++) {
    if (parents[i] !== i) continue;
    found.push(areas[i]);
    if (areas[i] > areas[largest]) largest = i;
  }
  return {roots: parents.subarray(0, count), largest, areas: found};
}

/** Unites each run with those it touches in the row above. */
function joinRows(runs: Runs, count: number): void {
  let above = 0;
  for (let i = 0; i < count; i++) {
    parents[i] = i;
    const row = runs[i * RUN];
    const start = runs[i * RUN + 1];
    const end = runs[i * RUN + 2];
    while (
      above < i &&
      (runs[above * RUN] < row - 1 || (runs[above * RUN] === row - 1 && runs[above * RUN + 2] <= start))
    )
      above++;
    for (let k = above; k < i && runs[k * RUN] === row - 1 && runs[k * RUN + 1] < end; k++) unite(k, i);
  }
}

/** The smaller of the two roots becomes the root of both. */
function unite(a: number, b: number): void {
  const first = rootOf(a);
  const second = rootOf(b);
  if (first < second) parents[second] = first;
  else parents[first] = second;
}

function rootOf(run: number): number {
  let at = run;
  while (parents[at] !== at) {
    parents[at] = parents[parents[at]];
    at = parents[at];
  }
  return at;
}
