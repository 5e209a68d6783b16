/** Ticks at round numbers, for the axes of charts. */

/**
 * Ticks at multiples of 1, 2 or 5 times a power of ten, about `count` of them, from at most `low` to at least `high`.
 *
 * @param whole only whole numbers, as for epochs
 */
export function linearTicks(low: number, high: number, count: number, whole = false): number[] {
  const span = high > low ? high - low : Math.abs(high) || 1;
  const step = roundStep(span / count, whole);
  const from = Math.floor(low / step + 1e-9);
  const to = Math.max(from + 1, Math.ceil(high / step - 1e-9));
  return Array.from({length: to - from + 1}, (_, i) => Number(((from + i) * step).toPrecision(12)));
}

/** Ticks of a logarithmic axis over positive numbers: powers of ten, and 2 and 5 times these where they are few. */
export function logarithmicTicks(low: number, high: number): number[] {
  const from = Math.floor(Math.log10(low));
  const to = Math.ceil(Math.log10(high));
  const factors = Math.log10(high / low) <= 2 ? [1, 2, 5] : [1];
  const every = factors.length > 1 ? 1 : Math.max(1, Math.ceil((to - from) / 6));
  const powers = Array.from({length: Math.ceil((to - from) / every) + 1}, (_, i) => from + i * every);
  const all = powers.flatMap((power) => factors.map((factor) => Number(`${factor}e${power}`)));
  const below = all.findLastIndex((tick) => tick <= low);
  const above = all.findIndex((tick) => tick >= high);
  return all.slice(Math.max(0, below), above < 0 ? undefined : above + 1);
}

function roundStep(raw: number, whole: boolean): number {
  const power = 10 ** Math.floor(Math.log10(raw));
  const factor = [1, 2, 5, 10].find((each) => each * power >= raw * 0.999) ?? 10;
  return whole ? Math.max(1, factor * power) : factor * power;
}
