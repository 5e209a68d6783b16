/** For JSON: enough digits for any use, without the noise of float32. */
export function round(value: number, digits = 6): number {
  const unit = 10 ** digits;
  return Math.round(value * unit) / unit;
}

/** For JSON: a number of any size, to the digits that float32 has. */
export function roundToDigits(value: number, digits = 6): number {
  return Number(value.toPrecision(digits));
}
