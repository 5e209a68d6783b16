/** Rounds a number for JSON: enough decimals for any use, without float32 noise. */
export function round(value: number, digits = 6): number {
  const unit = 10 ** digits;
  return Math.round(value * unit) / unit;
}

/** Rounds a number of any size for JSON, to about the precision of float32. */
export function roundToDigits(value: number, digits = 6): number {
  return Number(value.toPrecision(digits));
}
