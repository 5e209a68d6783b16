/** Tiles further from the smooth surface, in levels and in median distances, are something that lies on the ground. */
const ISLAND_LEVELS = 16;
const ISLAND_IN_MEDIANS = 4;
/** A larger share of the picture is ground of another color. */
const MAX_ISLAND = 0.2;
const FITS = 5;

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
    const normal = Array.from({length: 6}, () => new Array<number>(9).fill(0));
    for (let i = 0; i < seen.length; i++) {
      if (!seen[i]) continue;
      const weight = turn === 0 ? 1 : 1 / (1 + (distances[i] / scale) ** 4);
      const t = terms(i);
      for (let a = 0; a < 6; a++) {
        for (let b = 0; b < 6; b++) normal[a][b] += weight * t[a] * t[b];
        for (let c = 0; c < 3; c++) normal[a][6 + c] += weight * t[a] * colors[i * 3 + c];
      }
    }
    for (let a = 0; a < 6; a++) normal[a][a] += 1e-6;
    eliminate(normal);
    for (let i = 0; i < seen.length; i++) {
      const t = terms(i);
      let square = 0;
      for (let c = 0; c < 3; c++) {
        let value = 0;
        for (let a = 0; a < 6; a++) value += t[a] * normal[a][6 + c];
        square += (colors[i * 3 + c] - value) ** 2;
      }
      distances[i] = Math.sqrt(square);
    }
  }
  return distances;
}

/** Gauss-Jordan elimination with pivots of a matrix that is followed by its right-hand sides, in place. */
function eliminate(matrix: number[][]): void {
  const size = matrix.length;
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let row = column + 1; row < size; row++)
      if (Math.abs(matrix[row][column]) > Math.abs(matrix[pivot][column])) pivot = row;
    [matrix[column], matrix[pivot]] = [matrix[pivot], matrix[column]];
    const divisor = matrix[column][column] || 1e-9;
    for (let k = column; k < matrix[column].length; k++) matrix[column][k] /= divisor;
    for (let row = 0; row < size; row++) {
      if (row === column) continue;
      const factor = matrix[row][column];
      if (factor !== 0) for (let k = column; k < matrix[row].length; k++) matrix[row][k] -= factor * matrix[column][k];
    }
  }
}
