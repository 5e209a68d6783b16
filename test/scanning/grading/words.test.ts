import {expect} from 'chai';
import {
  lengthWords,
  massShareWords,
  NO_CERTIFICATE,
  neededWords,
  scaleWords,
  shareWords,
} from '../../../src/scanning/grading/words.ts';

const share = {count: 25, share: 0.05, low: 0.0341, high: 0.0728, massShare: 0.0263, massLow: 0.02, massHigh: 0.04};

describe('the words of grading', () => {
  it('write a share with its interval as percentages are written everywhere', () => {
    expect(shareWords(share)).to.equal('5.0% (3.4% to 7.3%)');
    expect(massShareWords(share)).to.equal('2.6% (2.0% to 4.0%)');
    expect(shareWords({share: 0, low: 0, high: 0.0002})).to.equal('0.0% (0.0% to <0.1%)');
  });

  it('write lengths and scales with their units', () => {
    expect(lengthWords(7.024, 'mm')).to.equal('7.02 mm');
    expect(lengthWords(83.4, 'px')).to.equal('83 px');
    expect(scaleWords({pxPerMm: 11.811, source: 'dpi', description: '300 dpi, as given'})).to.equal(
      '11.81 px/mm, from 300 dpi, as given',
    );
    expect(scaleWords(null)).to.match(/^no scale/);
  });

  it('say what a claim would need, and promise no certificate', () => {
    expect(neededWords(1825, 500)).to.equal('For ±1 point 1,825 grains are needed; these are 500.');
    expect(neededWords(381, 500)).to.match(/^500 grains are enough/);
    expect(NO_CERTIFICATE)
      .to.match(/not a certificate/)
      .and.match(/25,000/);
  });
});
