/** 97.5 % point of the standard normal distribution. */
const Z_95 = 1.959963984540054;

/**
 * How many grains a share needs for a 95 % interval of `margin` to either side: z^2 p (1 - p) / margin^2. A share of less
 * than 1 % or more than 99 % is taken for that, since one that was not seen at all still needs some: none of 380 is at most
 * 1 %.
 *
 * @param margin 0.01 is one percentage point
 */
export function neededGrains(share: number, margin = 0.01): number {
  const p = Math.min(0.99, Math.max(0.01, share));
  return Math.ceil((Z_95 ** 2 * p * (1 - p)) / margin ** 2);
}

/**
 * How many grains a sample must have to show that a share is at most `limit`, if it is seen at `share`: so many that the
 * upper end of the 95 % interval (Wilson) is `limit`.
 *
 * @returns undefined if `share` is not below `limit`: no number shows it then
 */
export function grainsToShow(share: number, limit: number): number | undefined {
  if (!(share < limit)) return undefined;
  // Wilson's upper end is the p with p - share = z sqrt(p (1 - p) / n).
  return Math.ceil((Z_95 ** 2 * limit * (1 - limit)) / (limit - share) ** 2);
}
