/** A fraction as a percentage. Only 1 is shown as 100%, and only 0 as 0%. */
export function formatPercent(fraction: number, digits = 1): string {
  const step = 10 ** -digits;
  let percent = fraction * 100;
  if (fraction < 1) percent = Math.min(percent, 100 - step);
  if (fraction > 0 && percent < step) return `<${step.toFixed(digits)}%`;
  return `${percent.toFixed(digits)}%`;
}
