import {expect} from 'chai';
import {rejectionOf, withConfidence} from '../../src/model/rejection.ts';

const THRESHOLDS = {confidence: 0.9, novelty: 10, capture: 5};

describe('model: rejection', () => {
  for (const [scores, reason] of [
    [{confidence: 0.9, novelty: 10, capture: 5}, undefined],
    [{confidence: 0.9, novelty: 10, capture: 500}, undefined],
    [{confidence: 0.89, novelty: 10, capture: 5}, 'low confidence'],
    [{confidence: 0.89, novelty: 10, capture: 5.1}, 'capture too different to be sure'],
    [{confidence: 1, novelty: 10.1, capture: 0}, 'not one of the known varieties'],
    [{confidence: 0.1, novelty: 10.1, capture: 500}, 'not one of the known varieties'],
    [{confidence: 1}, undefined],
    [{confidence: 0.1}, 'low confidence'],
  ] as const)
    it(`is ${reason ?? 'none'} at ${JSON.stringify(scores)}`, () => {
      expect(rejectionOf(scores, THRESHOLDS)).to.equal(reason);
    });

  it('requires more confidence the more the capture differs, up to twice its threshold', () => {
    const rising = {...THRESHOLDS, confidence: 0.6, sure: 0.9};
    const reject = (confidence: number, capture: number) => rejectionOf({confidence, capture, novelty: 0}, rising);
    for (const [capture, asked] of [
      [0, 0.6],
      [5, 0.6],
      [7.5, 0.75],
      [10, 0.9],
      [1000, 0.9],
    ]) {
      expect(reject(asked + 0.001, capture)).to.equal(undefined);
      const reason = capture > 5 ? 'capture too different to be sure' : 'low confidence';
      expect(reject(asked - 0.001, capture)).to.equal(reason);
    }
    for (const capture of [0, 1000]) {
      expect(rejectionOf({confidence: 0.71, capture}, withConfidence(rising, 0.7))).to.equal(undefined);
      expect(rejectionOf({confidence: 0.69, capture}, withConfidence(rising, 0.7))).not.to.equal(undefined);
    }
  });

  it('requires the most confidence without a scale, and accepts nothing without proportions', () => {
    const rising = {...THRESHOLDS, confidence: 0.6, sure: 0.9};
    const reject = (confidence: number, unknown: 'scale' | 'proportions') =>
      rejectionOf({confidence, capture: 0, novelty: 0}, rising, unknown);
    expect(reject(0.91, 'scale')).to.equal(undefined);
    expect(reject(0.89, 'scale')).to.equal('capture too different to be sure');
    expect(reject(1, 'proportions')).to.equal('capture too different to be sure');
    expect(rejectionOf({confidence: 0.7}, {confidence: 0.6}, 'scale')).to.equal(undefined);
  });

  it('ignores scores without a threshold', () => {
    const scores = {confidence: 0.5, novelty: 1e9, capture: 1e9};
    expect(rejectionOf(scores, {confidence: 0.4})).to.equal(undefined);
    expect(rejectionOf(scores, {confidence: 0.6})).to.equal('low confidence');
  });
});
