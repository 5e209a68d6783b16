/**
 * The loops over pixels, in AssemblyScript: `scripts/build.js` compiles this file to `dist/image/kernels.wasm`. WebAssembly
 * because its SIMD instructions do in one step what takes JavaScript sixteen, on every system, without a native package.
 * All arithmetic is on integers, so that every machine computes the same pixels; test/image/kernels.test.ts holds each
 * function against a plain one. All arguments that end in `At` are addresses; the caller lays the memory out.
 */

/**
 * Counts the levels of every `step`th pixel along the frame's border: 256 u32 for each of red, green and blue at
 * `countsAt`, zeroed by the caller.
 */
export function countBorder(frameAt: usize, width: i32, height: i32, step: i32, countsAt: usize): void {
  const lastRow = frameAt + <usize>((height - 1) * width * 3);
  for (let x = 0; x < width; x += step) {
    countPixel(frameAt + <usize>(x * 3), countsAt);
    countPixel(lastRow + <usize>(x * 3), countsAt);
  }
  for (let y = 0; y < height; y += step) {
    const left = frameAt + <usize>(y * width * 3);
    countPixel(left, countsAt);
    countPixel(left + <usize>((width - 1) * 3), countsAt);
  }
}

function countPixel(at: usize, countsAt: usize): void {
  count(countsAt, load<u8>(at));
  count(countsAt + 1024, load<u8>(at, 1));
  count(countsAt + 2048, load<u8>(at, 2));
}

function count(countsAt: usize, level: u8): void {
  const at = countsAt + ((<usize>level) << 2);
  store<u32>(at, load<u32>(at) + 1);
}

/** Counts how far the same pixels are from a colour, by the largest difference of the three channels: 256 u32. */
export function countBorderDistances(
  frameAt: usize,
  width: i32,
  height: i32,
  step: i32,
  background: u32,
  countsAt: usize,
): void {
  const lastRow = frameAt + <usize>((height - 1) * width * 3);
  for (let x = 0; x < width; x += step) {
    count(countsAt, distance(frameAt + <usize>(x * 3), background));
    count(countsAt, distance(lastRow + <usize>(x * 3), background));
  }
  for (let y = 0; y < height; y += step) {
    const left = frameAt + <usize>(y * width * 3);
    count(countsAt, distance(left, background));
    count(countsAt, distance(left + <usize>((width - 1) * 3), background));
  }
}

/** The largest difference of the three channels. */
function distance(at: usize, background: u32): u8 {
  const r = abs(<i32>load<u8>(at) - <i32>(background & 255));
  const g = abs(<i32>load<u8>(at, 1) - <i32>((background >> 8) & 255));
  const b = abs(<i32>load<u8>(at, 2) - <i32>(background >> 16));
  return <u8>max(max(r, g), b);
}

/**
 * How far pixels are from a colour: for every `step`th pixel of every `step`th row the largest difference of the three
 * channels, 0 where that is not above `floor`. Counts the distances above the floor in `histogramAt` (256 u32, zeroed by
 * the caller).
 *
 * @param frameAt RGB interleaved, with 32 readable bytes behind it
 * @param cellsAt written: one u8 a cell, rows of `stride` bytes, which are a multiple of 16 and hold 0 behind the last cell
 * @returns how many cells are above the floor
 */
export function measureDistances(
  frameAt: usize,
  frameWidth: i32,
  frameHeight: i32,
  step: i32,
  offset: i32,
  background: u32,
  floor: i32,
  cellsAt: usize,
  width: i32,
  height: i32,
  stride: i32,
  histogramAt: usize,
): i32 {
  let count = 0;
  for (let y = 0; y < height; y++) {
    const row = min(frameHeight - 1, y * step + offset);
    const source = frameAt + <usize>(row * frameWidth * 3);
    const target = cellsAt + <usize>(y * stride);
    distancesOfRow(source, frameWidth, step, offset, background, target, width, stride);
    count += dropNear(target, stride, floor, histogramAt);
  }
  return count;
}

/** Sixteen cells at a time, then the rest, then zeros. */
function distancesOfRow(
  source: usize,
  frameWidth: i32,
  step: i32,
  offset: i32,
  background: u32,
  target: usize,
  width: i32,
  stride: i32,
): void {
  const color = i32x4.splat(<i32>background);
  const way = <usize>(step * 3);
  let at = source + <usize>(offset * 3);
  let x = 0;
  for (; x + 16 <= width && (x + 15) * step + offset < frameWidth; x += 16, at += way << 4) {
    const a = distancesOfFour(at, way, color);
    const b = distancesOfFour(at + (way << 2), way, color);
    const c = distancesOfFour(at + (way << 3), way, color);
    const d = distancesOfFour(at + 12 * way, way, color);
    const low = i16x8.narrow_i32x4_u(a, b);
    const high = i16x8.narrow_i32x4_u(c, d);
    v128.store(target + x, i8x16.narrow_i16x8_u(low, high));
  }
  for (; x < width; x++) {
    const pixel = source + <usize>(min(frameWidth - 1, x * step + offset) * 3);
    store<u8>(target + x, distance(pixel, background));
  }
  for (; x < stride; x++) store<u8>(target + x, 0);
}

/** The distances of four pixels that lie `way` bytes apart, as i32. */
function distancesOfFour(at: usize, way: usize, color: v128): v128 {
  let pixels = v128.load32_zero(at);
  pixels = v128.load32_lane(at + way, pixels, 1);
  pixels = v128.load32_lane(at + (way << 1), pixels, 2);
  pixels = v128.load32_lane(at + 3 * way, pixels, 3);
  const apart = v128.or(i8x16.sub_sat_u(pixels, color), i8x16.sub_sat_u(color, pixels));
  const most = i8x16.max_u(i8x16.max_u(apart, i32x4.shr_u(apart, 8)), i32x4.shr_u(apart, 16));
  return v128.and(most, i32x4.splat(255));
}

/** Sets distances up to the floor to 0 and counts the others by their value. */
function dropNear(target: usize, stride: i32, floor: i32, histogramAt: usize): i32 {
  const limit = i8x16.splat(<u8>floor);
  let count = 0;
  for (let x = 0; x < stride; x += 16) {
    const distances = v128.load(target + x);
    // Above the floor: what is left of it by a saturating subtraction is not 0.
    const far = v128.not(i8x16.eq(i8x16.sub_sat_u(distances, limit), i8x16.splat(0)));
    v128.store(target + x, v128.and(distances, far));
    let bits = i8x16.bitmask(far);
    count += popcnt(bits);
    while (bits !== 0) {
      const at = histogramAt + ((<usize>load<u8>(target + x + ctz(bits))) << 2);
      store<u32>(at, load<u32>(at) + 1);
      bits &= bits - 1;
    }
  }
  return count;
}

/**
 * Writes the runs of cells above a threshold, row by row, as (row, start, end) in i32; `end` is behind the last cell.
 *
 * @returns how many runs there are
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
      // Where a run goes on over the border of 16, its beginning or end is not in these bits.
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
 * Classifies the cells of a shape (1 inside, 0 outside) by the square of cells around each: 0 none of the shape, 2 nothing
 * else, 1 some. The margin of `radius` cells or more around the shape must be there and empty.
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
  // Rows first: cells beyond the end of one row are the margin of the next.
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
    // -1 where some, another -1 where all: 0, 1 or 2.
    v128.store(kindsAt + i, i8x16.neg(i8x16.add(some, all)));
  }
}

const BITS = 16;
const HALF = 1 << 15;
const EDGE = 1;

/**
 * Samples a rectangle of the frame bilinearly at points (u, v) with 16 bits behind the point, a pixel's middle lying at
 * a half; what the mask calls outside is black. RGB interleaved.
 *
 * @param kindsAt the mask's cells (see `classifyCells`), each `cell` x `cell` pixels, the first of them at (cellX, cellY)
 * @param startsAt for each row the first (u, v) as two i32
 * @param matte whether cells of the edge are to be put on black: the background's share is then taken out of them
 * @param background their background
 * @param opacity reciprocal of the distance from the background at which a pixel is all grain
 */
export function sampleGrain(
  frameAt: usize,
  frameWidth: i32,
  frameHeight: i32,
  kindsAt: usize,
  cell: i32,
  cellX: i32,
  cellY: i32,
  cellColumns: i32,
  cellRows: i32,
  lookupAt: usize,
  startsAt: usize,
  stepX: i32,
  stepY: i32,
  outAt: usize,
  width: i32,
  height: i32,
  matte: bool,
  background: u32,
  opacity: f64,
): void {
  // Which cell of the mask each column and row of the frame stands for, its first one, which is empty, for all beyond it.
  const rowLookupAt = lookupAt + ((<usize>frameWidth) << 2);
  lookUpCells(lookupAt, frameWidth, cell, cellX, cellColumns, 1);
  lookUpCells(rowLookupAt, frameHeight, cell, cellY, cellRows, cellColumns);
  const lastX = (frameWidth - 1) << BITS;
  const lastY = (frameHeight - 1) << BITS;
  const rowBytes = frameWidth * 3;
  const reachX = (width - 1) * stepX;
  const reachY = (width - 1) * stepY;
  let at = outAt;
  for (let row = 0; row < height; row++) {
    let u = load<i32>(startsAt + ((<usize>row) << 3));
    let v = load<i32>(startsAt + ((<usize>row) << 3), 4);
    // A row whose ends have both neighbours has them all.
    const inside =
      min(u, u + reachX) >= HALF &&
      min(v, v + reachY) >= HALF &&
      max(u, u + reachX) - HALF < lastX &&
      max(v, v + reachY) - HALF < lastY;
    if (inside && !matte) {
      sampleInside(frameAt, rowBytes, kindsAt, lookupAt, rowLookupAt, u, v, stepX, stepY, at, width);
      at += <usize>(width * 3);
      continue;
    }
    for (let column = 0; column < width; column++, u += stepX, v += stepY, at += 3) {
      let kind: u8 = 0;
      if (<u32>(u >> BITS) < <u32>frameWidth && <u32>(v >> BITS) < <u32>frameHeight)
        kind = kindAt(kindsAt, lookupAt, rowLookupAt, u, v);
      // Four bytes at once: the fourth is written again by the next pixel.
      if (kind === 0) {
        store<u32>(at, 0);
        continue;
      }
      const x = (u - HALF) >> BITS;
      const y = (v - HALF) >> BITS;
      // Beyond the first and the last column or row a pixel is its own neighbour.
      const fx = x < 0 || u - HALF >= lastX ? 0 : ((u - HALF) >> 8) & 255;
      const ends = y < 0 || v - HALF >= lastY;
      const fy = ends ? 0 : ((v - HALF) >> 8) & 255;
      const here = frameAt + <usize>(max(y, 0) * rowBytes + max(x, 0) * 3);
      store<u32>(at, blend(here, here + <usize>(ends ? 0 : rowBytes), fx, fy));
      if (matte && kind === EDGE) putOnBlack(at, background, opacity);
    }
  }
}

/** A row, all of whose pixels have their neighbours in the frame. */
function sampleInside(
  frameAt: usize,
  rowBytes: i32,
  kindsAt: usize,
  lookupAt: usize,
  rowLookupAt: usize,
  fromU: i32,
  fromV: i32,
  stepX: i32,
  stepY: i32,
  outAt: usize,
  width: i32,
): void {
  let u = fromU;
  let v = fromV;
  const end = outAt + <usize>(width * 3);
  for (let at = outAt; at < end; at += 3, u += stepX, v += stepY) {
    if (kindAt(kindsAt, lookupAt, rowLookupAt, u, v) === 0) {
      store<u32>(at, 0);
      continue;
    }
    const left = u - HALF;
    const top = v - HALF;
    const here = frameAt + <usize>((top >> BITS) * rowBytes + (left >> BITS) * 3);
    store<u32>(at, blend(here, here + <usize>rowBytes, (left >> 8) & 255, (top >> 8) & 255));
  }
}

/** What the mask says of the pixel that a point lies in. */
function kindAt(kindsAt: usize, lookupAt: usize, rowLookupAt: usize, u: i32, v: i32): u8 {
  const row = load<u32>(rowLookupAt + ((<usize>(v >> BITS)) << 2));
  return load<u8>(kindsAt + row + load<u32>(lookupAt + ((<usize>(u >> BITS)) << 2)));
}

/** The pixel between two of a row and the two below them, at fx and fy of 256 of the way: 0xXXBBGGRR. */
function blend(here: usize, below: usize, fx: i32, fy: i32): u32 {
  // Pairs of i16, one for the pixel and one for its neighbour.
  const weights = i32x4.splat((fx << 16) | (256 - fx));
  const upper = i32x4.dot_i16x8_s(neighbours(here), weights);
  const lower = i32x4.dot_i16x8_s(neighbours(below), weights);
  const mixed = i32x4.add(i32x4.mul(i32x4.sub(lower, upper), i32x4.splat(fy)), i32x4.shl(upper, 8));
  const pixel = i32x4.shr_s(i32x4.add(mixed, i32x4.splat(HALF)), BITS);
  const words = i16x8.narrow_i32x4_s(pixel, pixel);
  return i32x4.extract_lane(i8x16.narrow_i16x8_u(words, words), 0);
}

/** For each of `pixels` pixels along one axis, `scale` times the mask's cell that it lies in. */
function lookUpCells(at: usize, pixels: i32, cell: i32, first: i32, count: i32, scale: i32): void {
  memory.fill(at, 0, (<usize>pixels) << 2);
  for (let i = 0; i < count; i++) {
    const from = max(0, (first + i) * cell);
    const to = min(pixels, (first + i + 1) * cell);
    for (let pixel = from; pixel < to; pixel++) store<i32>(at + ((<usize>pixel) << 2), i * scale);
  }
}

/** The pixel at an address and the one to the right, a place beyond the bytes giving 0: red, red, green, green, blue, blue as i16. */
function neighbours(at: usize): v128 {
  return i8x16.swizzle(v128.load64_zero(at), i8x16(0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1));
}

/** See src/image/matte.ts. */
function putOnBlack(at: usize, background: u32, opacity: f64): void {
  const red = <i32>(background & 255);
  const green = <i32>((background >> 8) & 255);
  const blue = <i32>(background >> 16);
  const r = <i32>load<u8>(at);
  const g = <i32>load<u8>(at, 1);
  const b = <i32>load<u8>(at, 2);
  const distance = max(max(abs(r - red), abs(g - green)), abs(b - blue));
  const rest = 1 - <f64>distance * opacity;
  if (rest <= 0) return;
  store<u8>(at, without(r, rest, red));
  store<u8>(at, without(g, rest, green), 1);
  store<u8>(at, without(b, rest, blue), 2);
}

function without(level: i32, rest: f64, background: i32): u8 {
  return <u8>max<f64>(0, Math.floor(<f64>level - rest * <f64>background + 0.5));
}

/**
 * Averages 2 x 2 pixels, rounded to nearest: the canvas [height, width] to a window, whose row is `windowStride` bytes
 * long, at (x, y) in the window's pixels.
 */
export function shrink(
  canvasAt: usize,
  width: i32,
  height: i32,
  windowAt: usize,
  windowStride: i32,
  x: i32,
  y: i32,
): void {
  const rowBytes = width * 3;
  const two = i16x8.splat(2);
  for (let row = 0; row < height; row += 2) {
    let source = canvasAt + <usize>(row * rowBytes);
    let target = windowAt + <usize>((y + (row >> 1)) * windowStride + x * 3);
    let column = 0;
    // Two pixels of the window out of 12 bytes of each row.
    for (; column + 4 <= width; column += 4, source += 12, target += 6) {
      const above = v128.load(source);
      const below = v128.load(source + rowBytes);
      const left = i16x8.add(firsts(above), firsts(below));
      const right = i16x8.add(seconds(above), seconds(below));
      const mean = i16x8.shr_u(i16x8.add(i16x8.add(left, right), two), 2);
      const bytes = i8x16.narrow_i16x8_u(mean, mean);
      store<u32>(target, i32x4.extract_lane(bytes, 0));
      store<u16>(target, i16x8.extract_lane_u(bytes, 2), 4);
    }
    for (; column < width; column += 2, source += 6, target += 3)
      for (let channel = 0; channel < 3; channel++) {
        const at = source + channel;
        const sum = <i32>load<u8>(at) + load<u8>(at, 3) + load<u8>(at + rowBytes) + load<u8>(at + rowBytes, 3);
        store<u8>(target + channel, (sum + 2) >> 2);
      }
  }
}

/** Of pixels 0 to 3: the channels of 0 and 2 as i16. */
function firsts(bytes: v128): v128 {
  return i8x16.swizzle(bytes, i8x16(0, -1, 1, -1, 2, -1, 6, -1, 7, -1, 8, -1, -1, -1, -1, -1));
}

/** Of pixels 0 to 3: the channels of 1 and 3 as i16. */
function seconds(bytes: v128): v128 {
  return i8x16.swizzle(bytes, i8x16(3, -1, 4, -1, 5, -1, 9, -1, 10, -1, 11, -1, -1, -1, -1, -1));
}
