import {expect} from 'chai';
import {Random} from '../../../../src/training/random.ts';
import {fitDiscriminant, ScatterSums} from '../../../../src/training/teach/fit/discriminant.ts';
import {logitsOf} from '../../../../src/training/teach/fit/linear-head.ts';

describe('fitDiscriminant', () => {
  const random = new Random(4, 'test');
  const means = [
    [0, 0],
    [2, 1],
    [-1, 3],
  ];
  const rows = Array.from({length: 3000}, (_, i) => {
    const [a, b] = [random.normal(), random.normal()];
    const label = i % 3;
    return {label, row: Float32Array.of(means[label][0] + 2 * a, means[label][1] + 0.5 * a + 0.3 * b)};
  });

  /** Log densities up to a constant, by the inverse of a covariance of two numbers in its closed form. */
  function expectedLogits(x: Float32Array, shrinkage: number): number[] {
    const center = means.map((_, label) => {
      const own = rows.filter((each) => each.label === label);
      return [0, 1].map((i) => own.reduce((sum, {row}) => sum + row[i], 0) / own.length);
    });
    let [xx, xy, yy] = [0, 0, 0];
    for (const {row, label} of rows) {
      const [dx, dy] = [row[0] - center[label][0], row[1] - center[label][1]];
      xx += (dx * dx) / rows.length;
      xy += (dx * dy) / rows.length;
      yy += (dy * dy) / rows.length;
    }
    xy *= 1 - shrinkage;
    const determinant = xx * yy - xy * xy;
    return center.map(([mx, my]) => {
      const [dx, dy] = [x[0] - mx, x[1] - my];
      return -(yy * dx * dx - 2 * xy * dx * dy + xx * dy * dy) / (2 * determinant);
    });
  }

  const sumsOf = (part: typeof rows) => {
    const sums = new ScatterSums(2, 3);
    for (const {row, label} of part) sums.add(row, label);
    return sums;
  };

  for (const shrinkage of [0, 0.3]) {
    it(`has the log densities of normal distributions, with a shrinkage of ${shrinkage}`, () => {
      const head = fitDiscriminant(sumsOf(rows), shrinkage);
      for (const {row} of rows.slice(0, 50)) {
        const given = logitsOf(head, row);
        const expected = expectedLogits(row, shrinkage);
        for (const label of [1, 2]) expect(given[label] - given[0]).to.be.closeTo(expected[label] - expected[0], 1e-4);
      }
    });
  }

  it('is the same whether the sums were taken of all rows or of parts', () => {
    const whole = fitDiscriminant(sumsOf(rows), 0.1);
    const parts = sumsOf(rows.slice(0, 1000));
    parts.addAll(sumsOf(rows.slice(1000)));
    const joined = fitDiscriminant(parts, 0.1);
    whole.weights.forEach((weight, i) => {
      expect(joined.weights[i]).to.be.closeTo(weight, 1e-9);
    });
  });

  it('ignores numbers that are the same in all rows', () => {
    const sums = new ScatterSums(3, 3);
    for (const {row, label} of rows) sums.add(Float32Array.of(row[0], 7, row[1]), label);
    const head = fitDiscriminant(sums, 0.1);
    expect([...head.weights.subarray(3, 6)]).to.deep.equal([0, 0, 0]);
    expect(head.weights.every(Number.isFinite)).to.equal(true);
  });
});
