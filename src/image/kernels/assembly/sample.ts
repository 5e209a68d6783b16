const BITS = 16;
const HALF = 1 << 15;

/**
 * Samples a rectangle of the frame with bilinear interpolation at fixed-point coordinates (u, v) with 16 fraction bits; a
 * pixel's center is at + 0.5. Pixels outside the mask are black. RGB interleaved.
 *
 * @param kindsAt the mask's cells (see `classifyCells`), each `cell` x `cell` pixels, the first at (cellX, cellY)
 * @param startsAt for each row, the first (u, v) as two i32
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
): void {
  // The mask's cell for each column and row of the frame; outside the mask, its first cell, which is empty.
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
    // If both ends of a row have all neighbors in the frame, so have the pixels between them.
    const inside =
      min(u, u + reachX) >= HALF &&
      min(v, v + reachY) >= HALF &&
      max(u, u + reachX) - HALF < lastX &&
      max(v, v + reachY) - HALF < lastY;
    if (inside) {
      sampleInside(frameAt, rowBytes, kindsAt, lookupAt, rowLookupAt, u, v, stepX, stepY, at, width);
      at += <usize>(width * 3);
      continue;
    }
    for (let column = 0; column < width; column++, u += stepX, v += stepY, at += 3) {
      let kind: u8 = 0;
      if (<u32>(u >> BITS) < <u32>frameWidth && <u32>(v >> BITS) < <u32>frameHeight)
        kind = kindAt(kindsAt, lookupAt, rowLookupAt, u, v);
      // Four bytes at once: the next pixel overwrites the fourth.
      if (kind === 0) {
        store<u32>(at, 0);
        continue;
      }
      const x = (u - HALF) >> BITS;
      const y = (v - HALF) >> BITS;
      // Border pixels are replicated.
      const fx = x < 0 || u - HALF >= lastX ? 0 : ((u - HALF) >> 8) & 255;
      const ends = y < 0 || v - HALF >= lastY;
      const fy = ends ? 0 : ((v - HALF) >> 8) & 255;
      const here = frameAt + <usize>(max(y, 0) * rowBytes + max(x, 0) * 3);
      store<u32>(at, blend(here, here + <usize>(ends ? 0 : rowBytes), fx, fy));
    }
  }
}

/** Samples a row whose pixels all have their neighbors in the frame. */
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

/** The kind of the mask's cell at a point. */
function kindAt(kindsAt: usize, lookupAt: usize, rowLookupAt: usize, u: i32, v: i32): u8 {
  const row = load<u32>(rowLookupAt + ((<usize>(v >> BITS)) << 2));
  return load<u8>(kindsAt + row + load<u32>(lookupAt + ((<usize>(u >> BITS)) << 2)));
}

/** Interpolates between two pixels of a row and the two below them, at fx / 256 and fy / 256: 0xXXBBGGRR. */
function blend(here: usize, below: usize, fx: i32, fy: i32): u32 {
  // Pairs of i16: the pixel and its neighbor.
  const weights = i32x4.splat((fx << 16) | (256 - fx));
  const upper = i32x4.dot_i16x8_s(neighbours(here), weights);
  const lower = i32x4.dot_i16x8_s(neighbours(below), weights);
  const mixed = i32x4.add(i32x4.mul(i32x4.sub(lower, upper), i32x4.splat(fy)), i32x4.shl(upper, 8));
  const pixel = i32x4.shr_s(i32x4.add(mixed, i32x4.splat(HALF)), BITS);
  const words = i16x8.narrow_i32x4_s(pixel, pixel);
  return i32x4.extract_lane(i8x16.narrow_i16x8_u(words, words), 0);
}

/** For each of `pixels` pixels along one axis, `scale` times the index of its cell in the mask. */
function lookUpCells(at: usize, pixels: i32, cell: i32, first: i32, count: i32, scale: i32): void {
  memory.fill(at, 0, (<usize>pixels) << 2);
  for (let i = 0; i < count; i++) {
    const from = max(0, (first + i) * cell);
    const to = min(pixels, (first + i + 1) * cell);
    for (let pixel = from; pixel < to; pixel++) store<i32>(at + ((<usize>pixel) << 2), i * scale);
  }
}

/** The pixel at an address and the one to the right, as i16: red, red, green, green, blue, blue. Index -1 gives 0. */
function neighbours(at: usize): v128 {
  return i8x16.swizzle(v128.load64_zero(at), i8x16(0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1));
}
