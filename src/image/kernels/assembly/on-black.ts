/** Kinds of cells (see `classifyCells`). */
const OUTSIDE: u8 = 0;
const EDGE: u8 = 1;
const INTERIOR: u8 = 2;

/** Search radius in cells for the colors on both sides of an edge cell: the first, and the largest. */
const NEAR = 3;
const FAR = 6;

/**
 * Removes the background from a frame's pixels in the mask's edge cells: each pixel is a mixture of the mean colors of the
 * nearby inside and outside cells, and keeps only the share of the inside color. RGB interleaved.
 *
 * @param kindsAt the mask's cells, each `cell` x `cell` pixels, the first at (cellX, cellY)
 * @param sumsAt scratch memory, 16 bytes per cell of the mask
 */
export function placeOnBlack(
  frameAt: usize,
  width: i32,
  height: i32,
  kindsAt: usize,
  cell: i32,
  cellX: i32,
  cellY: i32,
  columns: i32,
  rows: i32,
  sumsAt: usize,
): void {
  sumCells(frameAt, width, height, cell, cellX, cellY, columns, rows, sumsAt);
  const pixels = cell * cell;
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      if (load<u8>(kindsAt + <usize>(row * columns + column)) !== EDGE) continue;
      const grain = sumAround(kindsAt, sumsAt, columns, rows, column, row, INTERIOR);
      const background = sumAround(kindsAt, sumsAt, columns, rows, column, row, OUTSIDE);
      if (i32x4.extract_lane(grain, 3) === 0 || i32x4.extract_lane(background, 3) === 0) continue;
      const left = (cellX + column) * cell;
      const top = (cellY + row) * cell;
      const firstX = max(0, left);
      const lastX = min(width, left + cell);
      for (let y = max(0, top); y < min(height, top + cell); y++)
        placePixels(frameAt + <usize>((y * width + firstX) * 3), lastX - firstX, grain, background, pixels);
    }
}

/** Writes the sum of each cell's pixels as four i32: red, green, blue and 1; all 0 for cells partly outside the frame. */
function sumCells(
  frameAt: usize,
  width: i32,
  height: i32,
  cell: i32,
  cellX: i32,
  cellY: i32,
  columns: i32,
  rows: i32,
  sumsAt: usize,
): void {
  let target = sumsAt;
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++, target += 16) {
      const left = (cellX + column) * cell;
      const top = (cellY + row) * cell;
      let sum = i32x4.splat(0);
      if (left >= 0 && top >= 0 && left + cell <= width && top + cell <= height) {
        for (let y = top; y < top + cell; y++) {
          const line = frameAt + <usize>((y * width + left) * 3);
          for (let x = 0; x < cell; x++) {
            const words = i16x8.extend_low_i8x16_u(v128.load32_zero(line + <usize>(x * 3)));
            sum = i32x4.add(sum, i32x4.extend_low_i16x8_u(words));
          }
        }
        sum = i32x4.replace_lane(sum, 3, 1);
      }
      v128.store(target, sum);
    }
}

/** The sum over the cells of one kind around a cell; farther cells are used if there are none near. */
function sumAround(kindsAt: usize, sumsAt: usize, columns: i32, rows: i32, column: i32, row: i32, kind: u8): v128 {
  let sum = sumWithin(kindsAt, sumsAt, columns, rows, column, row, kind, NEAR);
  if (i32x4.extract_lane(sum, 3) === 0) sum = sumWithin(kindsAt, sumsAt, columns, rows, column, row, kind, FAR);
  return sum;
}

function sumWithin(
  kindsAt: usize,
  sumsAt: usize,
  columns: i32,
  rows: i32,
  column: i32,
  row: i32,
  kind: u8,
  reach: i32,
): v128 {
  let sum = i32x4.splat(0);
  const first = max(0, column - reach);
  const last = min(columns - 1, column + reach);
  for (let y = max(0, row - reach); y <= min(rows - 1, row + reach); y++)
    for (let cell = y * columns + first; cell <= y * columns + last; cell++)
      if (load<u8>(kindsAt + <usize>cell) === kind) sum = i32x4.add(sum, v128.load(sumsAt + ((<usize>cell) << 4)));
  return sum;
}

/** @param pixels number of pixels in each cell's sum */
function placePixels(from: usize, count: i32, grain: v128, background: v128, pixels: i32): void {
  const inside = <f64>(i32x4.extract_lane(grain, 3) * pixels);
  const outside = <f64>(i32x4.extract_lane(background, 3) * pixels);
  const red = <f64>i32x4.extract_lane(background, 0) / outside;
  const green = <f64>i32x4.extract_lane(background, 1) / outside;
  const blue = <f64>i32x4.extract_lane(background, 2) / outside;
  const wayRed = <f64>i32x4.extract_lane(grain, 0) / inside - red;
  const wayGreen = <f64>i32x4.extract_lane(grain, 1) / inside - green;
  const wayBlue = <f64>i32x4.extract_lane(grain, 2) / inside - blue;
  const length = max(1.0, wayRed * wayRed + wayGreen * wayGreen + wayBlue * wayBlue);
  for (let at = from, end = from + <usize>(count * 3); at < end; at += 3) {
    const r = <f64>load<u8>(at);
    const g = <f64>load<u8>(at, 1);
    const b = <f64>load<u8>(at, 2);
    const along = (r - red) * wayRed + (g - green) * wayGreen + (b - blue) * wayBlue;
    const rest = 1.0 - max(0.0, along) / length;
    if (rest <= 0) continue;
    store<u8>(at, less(r, rest, red));
    store<u8>(at, less(g, rest, green), 1);
    store<u8>(at, less(b, rest, blue), 2);
  }
}

/** Subtracts the background's share from a level, rounded to nearest; 0 if the share is 1 or more. */
function less(level: f64, share: f64, background: f64): u8 {
  return share >= 1 ? 0 : <u8>max(0.0, min(255.0, floor(level - share * background + 0.5)));
}
