import {expect} from 'chai';
import {distributionOf, summarizeInputs} from '../../../src/training/run/input-record.ts';

describe('the record of training pictures', () => {
  // numpy: v = np.arange(1, 101) ** 2; v.mean(), v.std(), np.quantile(v, np.arange(1, 10) / 10, method='inverted_cdf')
  it('has the mean, deviation and deciles of numpy', () => {
    const values = Array.from({length: 100}, (_, i) => (i + 1) ** 2).reverse();
    expect(distributionOf(values)).to.deep.equal({
      mean: 3383.5,
      deviation: 3009.19608,
      deciles: [100, 400, 900, 1600, 2500, 3600, 4900, 6400, 8100],
    });
  });

  it('accepts few pictures', () => {
    const {images, brightness, area} = summarizeInputs([{brightness: 7, area: 0.5}]);
    expect(images).to.equal(1);
    expect(brightness).to.deep.equal({mean: 7, deviation: 0, deciles: Array(9).fill(7)});
    expect(area.deciles[8]).to.equal(0.5);
  });
});
