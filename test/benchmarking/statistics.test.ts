import {expect} from 'chai';
import {estimate, ratio} from '../../src/benchmarking/statistics/estimate.ts';
import {latencyOf} from '../../src/benchmarking/statistics/latency.ts';
import {studentPoint} from '../../src/benchmarking/statistics/student.ts';

describe('benchmarking: statistics', () => {
  it('knows the points of the t distribution', () => {
    // scipy.stats.t.ppf(0.975, n)
    const known: [number, number][] = [
      [1, 12.706204736],
      [4, 2.776445105],
      [30, 2.042272456],
      [31, 2.039513446],
      [60, 2.000297822],
      [1000, 1.962339081],
    ];
    for (const [freedom, point] of known) expect(studentPoint(freedom), `${freedom}`).to.be.closeTo(point, 1e-4);
  });

  it('takes the geometric mean with the interval of Student', () => {
    // By hand: logarithms ln 100, ln 200, ln 400; mean ln 200, standard deviation ln 2, t(2) = 4.3027.
    const half = (4.3027 * Math.LN2) / Math.sqrt(3);
    const {value, low, high} = estimate([100, 400, 200]);
    expect(value).to.be.closeTo(200, 1e-9);
    expect(low).to.be.closeTo(200 * Math.exp(-half), 1e-6);
    expect(high).to.be.closeTo(200 * Math.exp(half), 1e-6);
  });

  it('gives one value no interval, and equal ones an empty one', () => {
    expect(estimate([3]).low).to.equal(null);
    expect(estimate([3]).value).to.be.closeTo(3, 1e-12);
    const {low, high} = estimate([5, 5, 5]);
    expect([low, high].map((end) => end!.toFixed(9))).to.deep.equal(['5.000000000', '5.000000000']);
  });

  it('takes ratios within rounds, so that a slow round says nothing', () => {
    // The second round is ten times slower for both.
    const {value, low, high} = ratio([20, 2, 20.2], [10, 1, 10]);
    expect(value).to.be.closeTo(2 * 1.01 ** (1 / 3), 1e-9);
    expect(low).to.be.within(1.97, 2);
    expect(high).to.be.within(2.01, 2.04);
    const inverse = ratio([10, 1, 10], [20, 2, 20.2]);
    expect(inverse.low).to.be.closeTo(1 / high!, 1e-9);
    expect(inverse.high).to.be.closeTo(1 / low!, 1e-9);
  });

  it('takes percentiles by the nearest rank, and only of enough calls', () => {
    const hundred = Array.from({length: 100}, (_, i) => 100 - i);
    expect(latencyOf(hundred)).to.deep.equal({p50: 50, p90: 90, p99: 99, calls: 100});
    expect(latencyOf(hundred.slice(0, 99))).to.include({p99: null, calls: 99});
    expect(latencyOf([4, 2, 3, 1])).to.deep.equal({p50: 2, p90: null, p99: null, calls: 4});
    expect(latencyOf([])).to.deep.equal({p50: null, p90: null, p99: null, calls: 0});
  });
});
