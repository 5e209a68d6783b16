/** Gives unseen tiles the mean of their neighbors, from the seen ones outwards, then smooths them. */
export function fillUnseen(
  values: Float32Array,
  seen: Uint8Array,
  columns: number,
  rows: number,
  channels: number,
): void {
  const known = seen.slice();
  const unseen: number[] = [];
  for (let remaining = true; remaining; ) {
    remaining = false;
    const filled: number[] = [];
    for (let i = 0; i < known.length; i++) {
      if (known[i]) continue;
      if (meanOfNeighbors(values, known, columns, rows, channels, i)) filled.push(i);
      else remaining = true;
    }
    if (filled.length === 0) break;
    for (const i of filled) known[i] = 1;
    unseen.push(...filled);
  }
  for (let turn = 0; turn < 4; turn++)
    for (const i of unseen) meanOfNeighbors(values, known, columns, rows, channels, i);
}

function meanOfNeighbors(
  values: Float32Array,
  known: Uint8Array,
  columns: number,
  rows: number,
  channels: number,
  i: number,
): boolean {
  const column = i % columns;
  const row = (i - column) / columns;
  let count = 0;
  const sums = new Float64Array(channels);
  for (let y = Math.max(0, row - 1); y <= Math.min(rows - 1, row + 1); y++)
    for (let x = Math.max(0, column - 1); x <= Math.min(columns - 1, column + 1); x++) {
      const other = y * columns + x;
      if (other === i || !known[other]) continue;
      count++;
      for (let c = 0; c < channels; c++) sums[c] += values[other * channels + c];
    }
  if (count === 0) return false;
  for (let c = 0; c < channels; c++) values[i * channels + c] = sums[c] / count;
  return true;
}
