import {expect} from 'chai';
import {wilsonInterval} from '../../../../src/common/wilson-interval.ts';
import {chooseFewThresholds} from '../../../../src/training/teach/fit/few-thresholds.ts';
import {heldAccuracy} from '../../../../src/training/teach/fit/held-accuracy.ts';

describe('heldAccuracy', () => {
  const labels = ['a', 'b'];
  const truth = Array.from({length: 100}, (_, i) => i % 2);
  const given = truth.map((label, i) => (i < 20 ? 1 - label : label));
  const accepted = truth.map((_, i) => i >= 10);

  it('counts answers, and has Wilson intervals where each picture stands for itself', () => {
    const groups = truth.map((_, i) => `${i}`);
    const held = heldAccuracy({labels, truth, given, accepted, groups, folds: 5});
    expect(held.accuracy).to.equal(0.8);
    const {low, high} = wilsonInterval(80, 100);
    expect(held.interval.low).to.be.closeTo(low, 0.005);
    expect(held.interval.high).to.be.closeTo(high, 0.005);
    expect(held.confusion).to.deep.equal([
      [40, 10],
      [10, 40],
    ]);
    expect(held.accepted).to.equal(0.9);
    expect(held.acceptedRight).to.be.closeTo(80 / 90, 1e-9);
    expect(held.labels.a.images).to.equal(50);
  });

  it('is less certain where the mistakes are those of one photograph', () => {
    const groups = truth.map((_, i) => `photograph ${Math.floor(i / 20)}`);
    const held = heldAccuracy({labels, truth, given, accepted, groups, folds: 5});
    expect(held.interval.low).to.be.below(wilsonInterval(80, 100).low - 0.2);
    expect(held.groups).to.equal(5);
  });
});

describe('chooseFewThresholds', () => {
  it('asks for the least confidence with which three answers of a hundred are wrong', () => {
    const confidences = Array.from({length: 400}, (_, i) => 1 - i / 800);
    const right = confidences.map((_, i) => i < 200 || i % 4 !== 0);
    const {confidence} = chooseFewThresholds(confidences, right, true);
    const accepted = right.filter((_, i) => confidences[i] >= confidence);
    expect(accepted.filter((each) => !each).length / accepted.length).to.be.at.most(0.03);
    expect(confidence).to.be.closeTo(confidences[226], 0.006);
  });

  it('stays between a half and what few pictures can tell', () => {
    expect(chooseFewThresholds([0.4, 0.3], [true, true], true).confidence).to.be.closeTo(0.5, 1e-4);
    expect(chooseFewThresholds([0.999, 0.9], [false, false], true).confidence).to.be.closeTo(0.97, 1e-4);
    expect(chooseFewThresholds([0.9], [true], false)).to.have.all.keys('confidence', 'novelty');
  });
});
