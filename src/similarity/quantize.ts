/**
 * Vectors of length 1 as 16-bit numbers in two planes: the high bytes alone are enough to find candidates, in half the memory and
 * with sums of whole numbers; the low bytes are read for the candidates only.
 */

/** The largest 16-bit number. */
const LARGEST = 32_767;
/** The largest number of a query, so that a sum of products with high bytes stays within 32 bits. */
const LARGEST_QUERY = 2_047;

/**
 * Quantizes a vector.
 *
 * @param high where its high bytes go, signed; `low` its low bytes
 * @returns what a number is multiplied with to get that of the vector of length 1; 0 for a vector without length
 */
export function quantize(vector: Float32Array, high: Int8Array, low: Uint8Array): number {
  const length = Math.hypot(...vector);
  const largest = vector.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (!(length > 0) || !Number.isFinite(length)) {
    high.fill(0);
    low.fill(0);
    return 0;
  }
  vector.forEach((value, i) => {
    const number = Math.round((value / largest) * LARGEST);
    high[i] = number >> 8;
    low[i] = number & 255;
  });
  return largest / LARGEST / length;
}

/** A query as whole numbers, in any unit: only the order of its products with high bytes matters. */
export function quantizeQuery(vector: Float32Array): Int16Array {
  const largest = vector.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return Int16Array.from(vector, (value) => (largest > 0 ? Math.round((value / largest) * LARGEST_QUERY) : 0));
}

/** The number that two bytes are. */
export function joined(high: number, low: number): number {
  return high * 256 + low;
}
