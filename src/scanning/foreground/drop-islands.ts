import {NormalEquations} from '../measures/linear-system.ts';

/** Tiles further from the smooth surface, in levels and in median distances, are something that lies on the ground. */
const ISLAND_LEVELS = 16;
const ISLAND_IN_MEDIANS = 4;
/** A larger share of the picture is ground of another color. */
const MAX_ISLAND = 0.2;
const FITS = 5;
/** Of a quadratic surface. */
const TERMS = 6;

/**
 * Marks as unseen what is not the ground but was followed into, such as a coin's dark rim or large grains as pale as the
 * ground: a group of tiles within the picture that differ from the smooth surface through all the others. Groups at the
 * border stay, since shadows, planks and cloths reach it.
 */
export function dropIslands(colors: Float32Array, seen: Uint8Array, columns: number, rows: number): void {
  const distances = distancesFromSurface(colors, seen, columns, rows);
  const usual = Float64Array.from(distances.filter((_, i) => seen[i])).sort();
  const limit = Math.max(ISLAND_LEVELS, ISLAND_IN_MEDIANS * (usual[usual.length >> 1] ?? 0));
  const visited = new Uint8Array(seen.length);
  for (let start = 0; start < seen.length; start++) {
    if (visited[start] || !seen[start] || distances[start] <= limit) continue;
    const group = [start];
    visited[start] = 1;
    let atBorder = false;
    for (let k = 0; k < group.length; k++) {
      const column = group[k] % columns;
      const row = (group[k] - column) / columns;
      atBorder ||= column === 0 || row === 0 || column === columns - 1 || row === rows - 1;
      for (let y = Math.max(0, row - 1); y <= Math.min(rows - 1, row + 1); y++)
        for (let x = Math.max(0, column - 1); x <= Math.min(columns - 1, column + 1); x++) {
          const next = y * columns + x;
          if (visited[next] || !seen[next] || distances[next] <= limit) continue;
          visited[next] = 1;
          group.push(next);
        }
    }
    if (!atBorder && group.length <= MAX_ISLAND * seen.length) for (const i of group) seen[i] = 0;
  }
}

/** How far each tile's color is from a quadratic surface that is fitted to most of them, in levels. */
function distancesFromSurface(colors: Float32Array, seen: Uint8Array, columns: number, rows: number): Float64Array {
  const terms = (i: number) => {
    const x = (2 * (i % columns)) / Math.max(1, columns - 1) - 1;
    const y = (2 * Math.floor(i / columns)) / Math.max(1, rows - 1) - 1;
    return [1, x, y, x * x, x * y, y * y];
  };
  const distances = new Float64Array(seen.length);
  for (let turn = 0; turn < FITS; turn++) {
    const sorted = Float64Array.from(distances.filter((_, i) => seen[i])).sort();
    const scale = Math.max(ISLAND_LEVELS / 2, 3 * (sorted[sorted.length >> 1] ?? 0));
    const equations = [0, 1, 2].map(() => new NormalEquations(TERMS));
    for (let i = 0; i < seen.length; i++) {
      if (!seen[i]) continue;
      const weight = turn === 0 ? 1 : 1 / (1 + (distances[i] / scale) ** 4);
      const t = terms(i);
      for (let c = 0; c < 3; c++) equations[c].add(t, colors[i * 3 + c], weight);
    }
    const surfaces = equations.map((each) => each.solve());
    // Of a few tiles nothing can be said.
    if (!surfaces.every((surface) => surface !== undefined)) return distances.fill(0);
    for (let i = 0; i < seen.length; i++) {
      const t = terms(i);
      let square = 0;
      for (let c = 0; c < 3; c++) {
        let value = 0;
        for (let k = 0; k < TERMS; k++) value += t[k] * surfaces[c][k];
        square += (colors[i * 3 + c] - value) ** 2;
      }
      distances[i] = Math.sqrt(square);
    }
  }
  return distances;
}
