/** Maps values from `low` to `high` onto a chart; all in the middle if they are equal. */
export function linear(low: number, high: number, from: number, to: number): (value: number) => number {
  if (high <= low) return () => (from + to) / 2;
  return (value) => from + ((value - low) / (high - low)) * (to - from);
}

/** Round numbers inside a range, at most `most` of them. */
export function ticks(low: number, high: number, most = 5): number[] {
  if (!(high > low)) return [low];
  const rough = (high - low) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= rough)!;
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({length: count}, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** Coordinates with one decimal: pages stay small. */
export function at(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** Decimals that tell two ticks apart. */
export function digitsFor(values: readonly number[], factor = 1): number {
  const step = values.length > 1 ? Math.abs(values[1] - values[0]) * factor : 1;
  return Math.max(0, Math.min(6, Math.ceil(-Math.log10(step) - 1e-9)));
}
