import {expect} from 'chai';
import {gateFailure} from '../../../src/commands/evaluate/accuracy-gate.ts';

describe('gate', () => {
  const evaluation = (right: number, images: number) => ({
    accuracy: right / images,
    images,
    mistakes: Array.from({length: images - right}),
  });

  it('says nothing if it passes', () => {
    expect(gateFailure({minAccuracy: 0.5, passed: true}, evaluation(3, 4))).to.equal(undefined);
  });

  it('shows enough digits to see the difference', () => {
    const failure = (minAccuracy: number, right: number, images: number) =>
      gateFailure({minAccuracy, passed: false}, evaluation(right, images));
    expect(failure(0.95, 1850, 2000)).to.equal(
      'ACCURACY_TOO_LOW: 1,850 of 2,000 pictures right, an accuracy of 0.9250: --min-accuracy requires 0.95',
    );
    expect(failure(0.99, 98_999, 100_000)).to.contain('an accuracy of 0.98999:');
    expect(failure(1 / 3, 333_333, 1_000_000)).to.contain('an accuracy of 0.3333:');
  });
});
