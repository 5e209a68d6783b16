/** Element types whose numbers are kept; integers are counters, not weights. */
export type FloatType = 'float64' | 'float32' | 'float16' | 'bfloat16';

export const FLOAT_BYTES: Record<FloatType, number> = {float64: 8, float32: 4, float16: 2, bfloat16: 2};

/**
 * Converts little-endian numbers to float32, into memory of their own. What float32 cannot hold becomes infinite.
 *
 * @param bytes whole elements of the type; they may start anywhere in their buffer
 */
export function toFloat32(bytes: Uint8Array, type: FloatType): Float32Array {
  // A copy: `slice` of a Buffer would share its memory.
  const {buffer} = new Uint8Array(bytes);
  switch (type) {
    case 'float32':
      return new Float32Array(buffer);
    case 'float64':
      return Float32Array.from(new Float64Array(buffer));
    case 'float16':
      return Float32Array.from(new Uint16Array(buffer), fromHalf);
    case 'bfloat16':
      // The upper half of a float32.
      return new Float32Array(Uint32Array.from(new Uint16Array(buffer), (bits) => bits << 16).buffer);
  }
}

/** IEEE 754 binary16: 1 sign bit, 5 bits of exponent (bias 15), 10 bits of fraction. */
function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 31;
  const fraction = (bits & 1023) / 1024;
  if (exponent === 0) return sign * fraction * 2 ** -14;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction) * 2 ** (exponent - 15);
}
