import {expect} from 'chai';
import {formatAmount, formatCount, formatDuration, formatPercent, formatRate} from '../../src/cli/format.ts';

describe('format', () => {
  it('groups thousands and uses singular and plural', () => {
    expect(formatCount(60243)).to.equal('60,243');
    const other = new Intl.NumberFormat('en-US', {maximumFractionDigits: 0});
    for (const count of [0, 7, 999, 999.5, 1000, 12_345.5, 999_999, 1_000_000, 123_456_789_012])
      expect(formatCount(count)).to.equal(other.format(count));
    expect(formatAmount(1, 'picture')).to.equal('1 picture');
    expect(formatAmount(0, 'picture')).to.equal('0 pictures');
    expect(formatAmount(1200, 'file')).to.equal('1,200 files');
  });

  it('never rounds a percentage to 0% or 100%', () => {
    expect(formatPercent(1)).to.equal('100.0%');
    expect(formatPercent(0.99999)).to.equal('99.9%');
    expect(formatPercent(0.99999, 2)).to.equal('99.99%');
    expect(formatPercent(0)).to.equal('0.0%');
    expect(formatPercent(0.0001)).to.equal('<0.1%');
    expect(formatPercent(0.1234)).to.equal('12.3%');
    expect(formatPercent(0.5, 0)).to.equal('50%');
  });

  it('writes durations in seconds, minutes and hours, also near the boundaries', () => {
    const written = [0.004, 0.12, 1.25, 9.99, 9.996, 59.4, 59.6, 65, 3599.7, 7380].map(formatDuration);
    expect(written).to.deep.equal([
      '0.00 s',
      '0.12 s',
      '1.3 s',
      '10.0 s',
      '10 s',
      '59 s',
      '1 min 0 s',
      '1 min 5 s',
      '1 h 0 min',
      '2 h 3 min',
    ]);
  });

  it('writes small rates with one decimal', () => {
    expect(formatRate(8.34)).to.equal('8.3');
    expect(formatRate(1204.4)).to.equal('1,204');
  });
});
