import {expect} from 'chai';
import type {EpochMetrics} from '../../../src/training/artifact/checkpoint.ts';
import {doubtfulResult, tooFewSteps} from '../../../src/training/run/check-result.ts';
import type {RunRecord} from '../../../src/training/run/run-folder.ts';

/** A run on as many pictures of two labels, half of each. */
const recordOf = (validation: number, {train = 100, epochs = 1} = {}) =>
  ({
    dataset: {images: 100, labels: {A: 50, B: 50}, split: {images: {train, validation, test: 0}}},
    configuration: {batchSize: 64, schedule: {epochs}},
  }) as unknown as RunRecord;

const history = (...epochs: [accuracy: number, loss: number][]) =>
  epochs.map(([validationAccuracy, validationLoss]) => ({validationAccuracy, validationLoss})) as EpochMetrics[];

describe('training: what a person should know of its result', () => {
  it('is that it is near chance, where enough pictures tell so', () => {
    expect(doubtfulResult(history([0.55, 1]), recordOf(100))[0]).to.match(/learnt next to nothing: 55 % right .* 50 %/);
    expect(doubtfulResult(history([0.9, 1]), recordOf(100))).to.deep.equal([]);
  });

  it('is told by the exact distribution, which few pictures are far from normal in', () => {
    // Of 10 pictures, 9 are right by chance once in 93 times, 10 once in 1,024.
    expect(doubtfulResult(history([0.9, 1]), recordOf(10))[0]).to.match(/learnt next to nothing/);
    expect(doubtfulResult(history([1, 1]), recordOf(10))).to.deep.equal([]);
    expect(doubtfulResult(history([1, 1]), recordOf(9))[0]).to.match(/^so few pictures/);
    // Of 100, 65 are right by chance once in 568 times, 66 once in 1,118.
    expect(doubtfulResult(history([0.65, 1]), recordOf(100))[0]).to.match(/learnt next to nothing/);
    expect(doubtfulResult(history([0.66, 1]), recordOf(100))).to.deep.equal([]);
    expect(doubtfulResult(history([0.6, 1]), recordOf(5000))).to.deep.equal([]);
  });

  it('is that nothing can be said, where all right would be chance as well', () => {
    for (const accuracy of [0, 1])
      expect(doubtfulResult(history([accuracy, 1]), recordOf(2))[0]).to.match(/^so few pictures .* \(2\) cannot tell/);
  });

  it('is that it was still getting better', () => {
    expect(doubtfulResult(history([0.8, 1], [0.9, 0.9]), recordOf(100))[0]).to.match(/still falling/);
    expect(doubtfulResult(history([0.8, 1], [0.9, 0.98]), recordOf(100))).to.deep.equal([]);
  });

  it('is, before it begins, that it is short: pictures that fill no batch make no step', () => {
    expect(tooFewSteps(recordOf(10, {train: 50}))).to.match(/^1 training step in all is few: --epochs 300 makes 300/);
    expect(tooFewSteps(recordOf(10, {train: 191}))).to.match(
      /^2 training steps in all are few: --epochs 150 makes 300/,
    );
    expect(tooFewSteps(recordOf(10, {train: 191, epochs: 150}))).to.equal(undefined);
  });
});
