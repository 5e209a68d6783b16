import {bisect} from './normal.ts';

/** Probability of at most x for the beta distribution: the regularized incomplete beta function I_x(a, b). */
export function betaCdf(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The continued fraction converges fast on one side of the mean.
  if (x > (a + 1) / (a + b + 2)) return 1 - betaCdf(1 - x, b, a);
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  return (front * fraction(x, a, b)) / a;
}

/** The inverse of `betaCdf`. */
export function betaQuantile(probability: number, a: number, b: number): number {
  return bisect((x) => betaCdf(x, a, b), probability, 0, 1);
}

/** The continued fraction of DLMF 8.17.22, evaluated by the modified method of Lentz. */
function fraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1));
  let value = d;
  const advance = (coefficient: number) => {
    d = 1 / nonZero(1 + coefficient * d);
    c = nonZero(1 + coefficient / c);
    value *= c * d;
    return Math.abs(c * d - 1);
  };
  for (let m = 1; m < 10_000; m++) {
    advance((m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m)));
    if (advance((-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))) < 1e-15) break;
  }
  return value;

  function nonZero(number: number): number {
    return Math.abs(number) < tiny ? tiny : number;
  }
}

/** Lanczos' approximation of the logarithm of the gamma function (1964), with g = 7 and nine terms. */
function logGamma(z: number): number {
  const coefficients = [
    0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
    12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
  ];
  if (z < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * z)) - logGamma(1 - z);
  const x = z - 1;
  const sum = coefficients.reduce((total, each, i) => total + (i === 0 ? each : each / (x + i)));
  const t = x + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (x + 0.5) * Math.log(t) - t + Math.log(sum);
}
