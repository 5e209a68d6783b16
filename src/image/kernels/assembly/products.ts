/**
 * The products of many vectors of signed bytes with one vector of 16-bit numbers: 32 bits each. The number of columns is a multiple
 * of 16, and no sum may exceed 31 bits.
 *
 * @param rowsAt the vectors, one after the other
 */
export function multiplyRows(rowsAt: usize, rows: i32, columns: i32, queryAt: usize, outAt: usize): void {
  for (let row = 0; row < rows; row++) {
    let sums = i32x4.splat(0);
    for (let column: i32 = 0; column < columns; column += 16) {
      const bytes = v128.load(rowsAt + column);
      const query = queryAt + ((<usize>column) << 1);
      sums = i32x4.add(sums, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(bytes), v128.load(query)));
      sums = i32x4.add(sums, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(bytes), v128.load(query, 16)));
    }
    const sum =
      i32x4.extract_lane(sums, 0) +
      i32x4.extract_lane(sums, 1) +
      i32x4.extract_lane(sums, 2) +
      i32x4.extract_lane(sums, 3);
    store<i32>(outAt + ((<usize>row) << 2), sum);
    rowsAt += columns;
  }
}
