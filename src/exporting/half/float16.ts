/** The largest finite number of float16 (IEEE 754 binary16). */
export const LARGEST_HALF = 65504;

/** The float16 numbers nearest to float32 ones, halfway to even, as their bits. */
export function toHalf(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  return Uint16Array.from(bits, halfBits);
}

function halfBits(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  // Not a number, or infinite.
  if (magnitude >= 0x7f800000) return sign | 0x7c00 | (magnitude > 0x7f800000 ? 0x200 : 0);
  const exponent = (magnitude >>> 23) - 127 + 15;
  if (exponent >= 31) return sign | 0x7c00;
  if (exponent < -10) return sign;
  const mantissa = exponent > 0 ? magnitude & 0x7fffff : (magnitude & 0x7fffff) | 0x800000;
  const dropped = exponent > 0 ? 13 : 14 - exponent;
  const kept = (exponent > 0 ? exponent << 10 : 0) + (mantissa >>> dropped);
  const rest = mantissa & ((1 << dropped) - 1);
  const half = 1 << (dropped - 1);
  // A carry out of the mantissa raises the exponent, up to infinity.
  const up = rest > half || (rest === half && (kept & 1) === 1) ? 1 : 0;
  return sign | (kept + up);
}
