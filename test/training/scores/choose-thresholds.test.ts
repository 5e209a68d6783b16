import {expect} from 'chai';
import {chooseThresholds, type JudgedImages} from '../../../src/training/scores/choose-thresholds.ts';
import {quantile} from '../../../src/training/scores/quantile.ts';

const COUNT = 2000;

describe('training: thresholds', () => {
  it('reject few unchanged images, and few changed ones of an unusual size are accepted and wrong', () => {
    // The surer, the more often right: wrong with probability 1 - confidence, spread evenly.
    const sureness = (i: number) => 0.9 + (0.1 * (i + 0.5)) / COUNT;
    let owed = 0;
    const changed = judged((i) => {
      owed += 1 - sureness(i);
      const wrong = owed >= 1;
      if (wrong) owed -= 1;
      return {confidence: sureness(i), right: !wrong, capture: 0.5, size: 1.5};
    });
    const usual = judged((i) => ({confidence: 0.8 + (0.2 * i) / COUNT, right: true, capture: 0.5, size: 0.5}));
    const {confidence, sure, captureLimit, sameCamera, ...others} = chooseThresholds(usual, changed);
    expect(others).to.deep.equal({
      novelty: 1,
      capture: 1,
      sizeNovelty: 1,
      unlike: {strangeness: 1.4, sizeNovelty: 0.8},
    });
    expect(usual.confidences.filter((each) => each < confidence).length / COUNT).to.be.at.most(0.0045);
    // Above c the mean of 1 - confidence is (1 - c) / 2, which is half a percent at 0.99.
    expect(sure).to.be.closeTo(0.99, 0.006);
    const accepted = changed.confidences.flatMap((each, i) => (each >= sure! ? [changed.right[i]] : []));
    expect(accepted.filter((right) => !right).length / accepted.length).to.be.at.most(0.005);
    expect(captureLimit).to.equal(1.5);
    expect(sameCamera).to.deep.equal({confidence, novelty: 1, capture: 1.5, strangeness: 0.93, sizeNovelty: 0.9});
  });

  it('stay within bounds where there is nothing to tell, and need a capture only where there is one', () => {
    const sure = judged(() => ({confidence: 1, right: true, capture: 9, size: 0}));
    const {captureLimit, ...bounded} = chooseThresholds(sure, sure);
    expect(bounded.confidence).to.be.closeTo(0.97, 1e-4);
    expect(bounded.sure).to.equal(0.995);
    expect(captureLimit).to.equal(9);
    const plain = {confidences: [0.1, 0.2], right: [true, false], novelty: Float64Array.of(0, 0)};
    expect(chooseThresholds(plain, plain)).to.deep.equal({confidence: 0.5 - 1e-5, novelty: 1});
  });
});

describe('training: quantiles', () => {
  it('are not exceeded by the share, and 0 of none', () => {
    const values = [5, 1, 4, 2, 3];
    for (const [share, expected] of [
      [0, 1],
      [0.5, 3],
      [0.99, 5],
      [1, 5],
    ])
      expect(quantile(values, share)).to.equal(expected);
    expect(quantile([], 0.5)).to.equal(0);
    expect(values).to.deep.equal([5, 1, 4, 2, 3]);
  });
});

interface Judged {
  confidence: number;
  right: boolean;
  capture: number;
  size: number;
}

function judged(of: (i: number) => Judged): JudgedImages & {confidences: number[]} {
  const images = Array.from({length: COUNT}, (_, i) => of(i));
  return {
    confidences: images.map(({confidence}) => confidence),
    right: images.map(({right}) => right),
    novelty: new Float64Array(COUNT),
    capture: Float64Array.from(images, ({capture}) => capture),
    sizeNovelty: Float64Array.from(images, ({size}) => size),
    strangeness: new Float64Array(COUNT),
  };
}
