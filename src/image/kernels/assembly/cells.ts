/**
 * Writes the runs of cells above a threshold, row by row, as (row, start, end) in i32; `end` is exclusive.
 *
 * @returns number of runs
 */
export function findRuns(cellsAt: usize, height: i32, stride: i32, threshold: i32, runsAt: usize): i32 {
  const limit = i8x16.splat(<u8>threshold);
  let at = runsAt;
  for (let y = 0; y < height; y++) {
    const row = cellsAt + <usize>(y * stride);
    let inside = false;
    for (let x = 0; x < stride; x += 16) {
      const near = i8x16.eq(i8x16.sub_sat_u(v128.load(row + x), limit), i8x16.splat(0));
      const bits = ~i8x16.bitmask(near) & 0xffff;
      // `inside` carries a run over from the previous 16 cells.
      let changes = (bits ^ ((bits << 1) | (inside ? 1 : 0))) & 0xffff;
      inside = (bits & 0x8000) !== 0;
      while (changes !== 0) {
        const place = x + ctz(changes);
        const opens = ((bits >> ctz(changes)) & 1) !== 0;
        if (opens) {
          store<i32>(at, y);
          store<i32>(at, place, 4);
        } else {
          store<i32>(at, place, 8);
          at += 12;
        }
        changes &= changes - 1;
      }
    }
    if (inside) {
      store<i32>(at, stride, 8);
      at += 12;
    }
  }
  return <i32>((at - runsAt) / 12);
}

/**
 * Classifies cells by the square of cells around each: 0 if none is the shape's (1 inside, 0 outside), 1 if some are, 2 if
 * all are. The shape needs an empty margin of `radius` cells or more.
 */
export function classifyCells(
  shapeAt: usize,
  width: i32,
  height: i32,
  radius: i32,
  sumsAt: usize,
  kindsAt: usize,
): void {
  const size = width * height;
  const side = 2 * radius + 1;
  memory.fill(sumsAt, 0, <usize>size + 16);
  memory.fill(kindsAt, 0, <usize>size + 16);
  // Horizontal sums first: cells beyond the end of a row are in the margin of the next.
  for (let i = radius; i < size - radius; i += 16) {
    let sum = i8x16.splat(0);
    for (let k = -radius; k <= radius; k++) sum = i8x16.add(sum, v128.load(shapeAt + i + k));
    v128.store(sumsAt + i, sum);
  }
  const full = i8x16.splat(<u8>(side * side));
  const first = radius * width;
  for (let i = first; i < size - first; i += 16) {
    let sum = i8x16.splat(0);
    for (let k = -radius; k <= radius; k++) sum = i8x16.add(sum, v128.load(sumsAt + i + k * width));
    const some = v128.not(i8x16.eq(sum, i8x16.splat(0)));
    const all = i8x16.eq(sum, full);
    // -1 if some, another -1 if all: 0, 1 or 2.
    v128.store(kindsAt + i, i8x16.neg(i8x16.add(some, all)));
  }
}
