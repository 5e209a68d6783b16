import {expect} from 'chai';
import {holm, mcnemar} from '../../../src/runs/compare/mcnemar.ts';

/** The same probability in whole numbers of any length: twice the sum of the binomial coefficients, over 2^n. */
function exact(first: number, second: number): number {
  const n = BigInt(first + second);
  let term = 1n;
  let sum = 0n;
  for (let k = 0n; k <= BigInt(Math.min(first, second)); k++) {
    sum += term;
    term = (term * (n - k)) / (k + 1n);
  }
  const digits = 10n ** 400n;
  const scaled = (2n * sum * digits) / 2n ** n;
  if (scaled >= digits) return 1;
  const text = scaled.toString();
  return Number(`${text[0]}.${text.slice(1, 18)}e${text.length - 401}`);
}

describe("McNemar's exact test", () => {
  it('is that of whole numbers of any length', () => {
    for (const [first, second] of [
      [0, 6],
      [1, 1],
      [3, 12],
      [12, 3],
      [0, 1],
      [59, 121],
      [500, 620],
      [3000, 3100],
      [0, 1060],
      [10, 1300],
    ])
      expect(mcnemar(first, second), `${first}, ${second}`).to.be.closeTo(
        exact(first, second),
        1e-9 * exact(first, second),
      );
  });

  it('is 1 where nothing speaks for either, and never above', () => {
    expect(mcnemar(0, 0)).to.equal(1);
    expect(mcnemar(7, 7)).to.equal(1);
    expect(mcnemar(7, 8)).to.equal(1);
    expect(mcnemar(0, 100_000)).to.be.within(0, 1e-300);
  });

  it('gives the figures of a published example', () => {
    // statsmodels' own example of its exact test: [[101, 121], [59, 33]].
    expect(mcnemar(121, 59)).to.be.closeTo(4.43444926376e-6, 1e-16);
  });
});

describe("Holm's correction", () => {
  it('multiplies the smallest by the number of tests, the next by one less, and never falls', () => {
    const corrected = holm([0.01, 0.04, 0.03, 0.005]);
    [0.03, 0.06, 0.06, 0.02].forEach((p, i) => {
      expect(corrected[i]).to.be.closeTo(p, 1e-12);
    });
    expect(holm([0.9, 0.8])).to.deep.equal([1, 1]);
    expect(holm([])).to.deep.equal([]);
  });
});
