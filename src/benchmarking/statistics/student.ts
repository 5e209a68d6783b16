/** 97.5 % points of Student's t distribution for 1 to 30 degrees of freedom. */
const T_975 = [
  12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.306, 2.2622, 2.2281, 2.201, 2.1788, 2.1604, 2.1448, 2.1314,
  2.1199, 2.1098, 2.1009, 2.093, 2.086, 2.0796, 2.0739, 2.0687, 2.0639, 2.0595, 2.0555, 2.0518, 2.0484, 2.0452, 2.0423,
];
/** The same point of the standard normal distribution. */
const Z_975 = 1.959963984540054;

/**
 * The 97.5 % point of Student's t distribution: half the width of a 95 % interval of a mean, in standard errors. Beyond the
 * table, the first terms of its expansion around the normal distribution (Abramowitz and Stegun, 26.7.5), exact to 0.0001.
 *
 * @param freedom degrees of freedom, at least 1: one less than there are values
 */
export function studentPoint(freedom: number): number {
  if (freedom <= T_975.length) return T_975[freedom - 1];
  const z = Z_975;
  return z + (z ** 3 + z) / (4 * freedom) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * freedom ** 2);
}
