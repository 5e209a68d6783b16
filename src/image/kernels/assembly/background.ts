/**
 * Subtracts a quadratic surface in each channel from a frame: writes the surface's levels, clamped to 1..255, and the
 * differences, both as f32, RGB interleaved.
 *
 * @param coefficientsAt six f64 for each of red, green and blue, of 1, x, y, x x, x y, y y; coordinates are -1 to 1 across
 *   the frame
 */
export function takeSurface(
  frameAt: usize,
  width: i32,
  height: i32,
  coefficientsAt: usize,
  surfaceAt: usize,
  restAt: usize,
): void {
  const unit = 1.0 / width;
  let pixel = frameAt;
  let at: usize = 0;
  for (let row = 0; row < height; row++) {
    const y = (2.0 * row + 1.0) / height - 1.0;
    const redFirst = levelAt(coefficientsAt, y);
    const greenFirst = levelAt(coefficientsAt + 48, y);
    const blueFirst = levelAt(coefficientsAt + 96, y);
    const redSlope = slopeAt(coefficientsAt, y);
    const greenSlope = slopeAt(coefficientsAt + 48, y);
    const blueSlope = slopeAt(coefficientsAt + 96, y);
    const first = f64x2(redFirst, greenFirst);
    const slope = f64x2(redSlope, greenSlope);
    const bend = f64x2(load<f64>(coefficientsAt, 24), load<f64>(coefficientsAt, 72));
    const lastFirst = f64x2(blueFirst, 0);
    const lastSlope = f64x2(blueSlope, 0);
    const lastBend = f64x2(load<f64>(coefficientsAt, 120), 0);
    for (let column = 0; column < width; column++, pixel += 3, at += 12) {
      const x = f64x2.splat((2.0 * column + 1.0) * unit - 1.0);
      const two = f32x4.demote_f64x2_zero(within(quadratic(first, slope, bend, x)));
      const one = f32x4.demote_f64x2_zero(within(quadratic(lastFirst, lastSlope, lastBend, x)));
      const own = i8x16.shuffle(two, one, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
      const bytes = v128.load32_zero(pixel);
      const levels = f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(bytes)));
      // Four values at once: the next pixel overwrites the fourth.
      v128.store(surfaceAt + at, own);
      v128.store(restAt + at, f32x4.sub(levels, own));
    }
  }
}

/** The terms that do not depend on x. */
function levelAt(coefficientsAt: usize, y: f64): f64 {
  return load<f64>(coefficientsAt) + (load<f64>(coefficientsAt, 16) + load<f64>(coefficientsAt, 40) * y) * y;
}

function slopeAt(coefficientsAt: usize, y: f64): f64 {
  return load<f64>(coefficientsAt, 8) + load<f64>(coefficientsAt, 32) * y;
}

function quadratic(first: v128, slope: v128, bend: v128, x: v128): v128 {
  return f64x2.add(first, f64x2.mul(f64x2.add(slope, f64x2.mul(bend, x)), x));
}

function within(levels: v128): v128 {
  return f64x2.pmin(f64x2.pmax(levels, f64x2.splat(1)), f64x2.splat(255));
}

/**
 * Averages of 3 x 3 pixels of f32, RGB interleaved; the border pixels are replicated.
 *
 * @param sumsAt scratch memory for as many values
 */
export function averageNeighbours(valuesAt: usize, width: i32, height: i32, sumsAt: usize, outAt: usize): void {
  const rowBytes = <usize>(width * 12);
  const three = f32x4.splat(3);
  for (let y = 0; y < height; y++) {
    const row = valuesAt + <usize>y * rowBytes;
    const target = sumsAt + <usize>y * rowBytes;
    averagePixel(row, row, row + (width > 1 ? 12 : 0), target);
    const last = rowBytes - 12;
    if (width > 1) averagePixel(row + last - 12, row + last, row + last, target + last);
    let i: usize = 12;
    for (; i + 16 <= last; i += 16) {
      const sum = f32x4.add(f32x4.add(v128.load(row + i - 12), v128.load(row + i)), v128.load(row + i + 12));
      v128.store(target + i, f32x4.div(sum, three));
    }
    for (; i < last; i += 4)
      store<f32>(target + i, (load<f32>(row + i - 12) + load<f32>(row + i) + load<f32>(row + i + 12)) / 3);
  }
  for (let y = 0; y < height; y++) {
    const row = sumsAt + <usize>y * rowBytes;
    const above = y > 0 ? row - rowBytes : row;
    const below = y < height - 1 ? row + rowBytes : row;
    const target = outAt + <usize>y * rowBytes;
    let i: usize = 0;
    for (; i + 16 <= rowBytes; i += 16) {
      const sum = f32x4.add(f32x4.add(v128.load(above + i), v128.load(row + i)), v128.load(below + i));
      v128.store(target + i, f32x4.div(sum, three));
    }
    for (; i < rowBytes; i += 4)
      store<f32>(target + i, (load<f32>(above + i) + load<f32>(row + i) + load<f32>(below + i)) / 3);
  }
}

function averagePixel(left: usize, here: usize, right: usize, target: usize): void {
  for (let c: usize = 0; c < 12; c += 4)
    store<f32>(target + c, (load<f32>(left + c) + load<f32>(here + c) + load<f32>(right + c)) / 3);
}

/**
 * Sums of the products of the channels, over the colors (f32, RGB interleaved) whose squared length is at most `limit`.
 *
 * @param sumsAt output: six f64: rr, gg, bb, rg, rb, gb
 * @returns number of these colors
 */
export function sumProducts(valuesAt: usize, count: i32, limit: f64, sumsAt: usize): i32 {
  let rr = 0.0;
  let gg = 0.0;
  let bb = 0.0;
  let rg = 0.0;
  let rb = 0.0;
  let gb = 0.0;
  let near = 0;
  for (let i = 0, at = valuesAt; i < count; i++, at += 12) {
    const r = <f64>load<f32>(at);
    const g = <f64>load<f32>(at, 4);
    const b = <f64>load<f32>(at, 8);
    if (r * r + g * g + b * b > limit) continue;
    rr += r * r;
    gg += g * g;
    bb += b * b;
    rg += r * g;
    rb += r * b;
    gb += g * b;
    near++;
  }
  store<f64>(sumsAt, rr);
  store<f64>(sumsAt, gg, 8);
  store<f64>(sumsAt, bb, 16);
  store<f64>(sumsAt, rg, 24);
  store<f64>(sumsAt, rb, 32);
  store<f64>(sumsAt, gb, 40);
  return near;
}

/**
 * Lengths of colors (f32, RGB interleaved) in a metric: the square root of v' M v, rounded to nearest, at most 255.
 *
 * @param metricAt six f64: rr, gg, bb, rg, rb, gb
 * @param lengthsAt output: one u8 per color
 */
export function measureLengths(valuesAt: usize, count: i32, metricAt: usize, lengthsAt: usize): void {
  const rr = f64x2.splat(load<f64>(metricAt));
  const gg = f64x2.splat(load<f64>(metricAt, 8));
  const bb = f64x2.splat(load<f64>(metricAt, 16));
  const rg = f64x2.splat(load<f64>(metricAt, 24));
  const rb = f64x2.splat(load<f64>(metricAt, 32));
  const gb = f64x2.splat(load<f64>(metricAt, 40));
  const half = f64x2.splat(0.5);
  const two = f64x2.splat(2);
  // Two colors at a time; with an odd count the last pair reads and writes into the padding.
  for (let i = 0, at = valuesAt; i < count; i += 2, at += 24) {
    const first = v128.load(at);
    const second = v128.load(at + 12);
    const r = f64x2.promote_low_f32x4(i8x16.shuffle(first, second, 0, 1, 2, 3, 16, 17, 18, 19, 0, 0, 0, 0, 0, 0, 0, 0));
    const g = f64x2.promote_low_f32x4(i8x16.shuffle(first, second, 4, 5, 6, 7, 20, 21, 22, 23, 0, 0, 0, 0, 0, 0, 0, 0));
    const b = f64x2.promote_low_f32x4(
      i8x16.shuffle(first, second, 8, 9, 10, 11, 24, 25, 26, 27, 0, 0, 0, 0, 0, 0, 0, 0),
    );
    const red = f64x2.mul(f64x2.mul(rr, r), r);
    const green = f64x2.mul(f64x2.mul(gg, g), g);
    const blue = f64x2.mul(f64x2.mul(bb, b), b);
    const mixed = f64x2.add(
      f64x2.add(f64x2.mul(f64x2.mul(rg, r), g), f64x2.mul(f64x2.mul(rb, r), b)),
      f64x2.mul(f64x2.mul(gb, g), b),
    );
    const square = f64x2.add(f64x2.add(f64x2.add(red, green), blue), f64x2.mul(two, mixed));
    const lengths = i32x4.trunc_sat_f64x2_u_zero(f64x2.add(f64x2.sqrt(square), half));
    store<u8>(lengthsAt + i, min(255, <u32>i32x4.extract_lane(lengths, 0)));
    if (i + 1 < count) store<u8>(lengthsAt + i, min(255, <u32>i32x4.extract_lane(lengths, 1)), 1);
  }
}
