import {expect} from 'chai';
import {wilsonInterval} from '../../src/common/wilson-interval.ts';

describe('wilsonInterval', () => {
  it('contains the proportions that the score test does not reject', () => {
    // The definition: |p - p0| = z sqrt(p0 (1 - p0) / n) at both ends.
    const z = 1.959963984540054;
    for (const [k, n] of [
      [81, 263],
      [15, 148],
      [14_693, 14_703],
      [1, 29],
      [0, 20],
      [29, 29],
    ]) {
      const {low, high, level} = wilsonInterval(k, n);
      const score = (p0: number) => Math.abs(k / n - p0) / Math.sqrt((p0 * (1 - p0)) / n);
      if (k > 0) expect(score(low), `${k}/${n}`).to.be.closeTo(z, 1e-6);
      else expect(low).to.equal(0);
      if (k < n) expect(score(high), `${k}/${n}`).to.be.closeTo(z, 1e-6);
      else expect(high).to.equal(1);
      expect(level).to.equal(0.95);
    }
  });

  it('agrees with published values (Newcombe, Statistics in Medicine 17, 1998, table I)', () => {
    const published: [number, number, number, number][] = [
      [81, 263, 0.2553, 0.3662],
      [15, 148, 0.0624, 0.1605],
      [0, 20, 0, 0.1611],
      [1, 29, 0.0061, 0.1718],
    ];
    for (const [k, n, low, high] of published) {
      expect(wilsonInterval(k, n).low).to.be.closeTo(low, 6e-5);
      expect(wilsonInterval(k, n).high).to.be.closeTo(high, 6e-5);
    }
    expect(wilsonInterval(0, 0)).to.deep.equal({low: 0, high: 1, level: 0.95});
  });
});
