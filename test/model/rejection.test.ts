import {expect} from 'chai';
import {rejectionOf, withConfidence, withConfidenceUpTo} from '../../src/model/rejection.ts';

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

  it('requires more confidence of a grain whose size is unlike all, up to 1.3 times its threshold', () => {
    const rising = {...THRESHOLDS, confidence: 0.6, sure: 0.9, sizeNovelty: 2};
    const reject = (confidence: number, sizeNovelty: number) =>
      rejectionOf({confidence, capture: 0, novelty: 0, sizeNovelty}, rising);
    for (const [size, asked] of [
      [0, 0.6],
      [2, 0.6],
      [2.3, 0.75],
      [2.6, 0.9],
      [1000, 0.9],
    ]) {
      expect(reject(asked + 0.001, size)).to.equal(undefined);
      expect(reject(asked - 0.001, size)).to.equal(size > 2 ? 'capture too different to be sure' : 'low confidence');
    }
  });

  it('requires the most confidence without a scale, and accepts nothing without proportions', () => {
    const rising = {...THRESHOLDS, confidence: 0.6, sure: 0.9};
    const reject = (confidence: number, unknown: 'scale' | 'proportions') =>
      rejectionOf({confidence, capture: 0, novelty: 0}, rising, {closelyCut: unknown});
    expect(reject(0.91, 'scale')).to.equal(undefined);
    expect(reject(0.89, 'scale')).to.equal('capture too different to be sure');
    expect(reject(1, 'proportions')).to.equal('capture too different to be sure');
    expect(rejectionOf({confidence: 0.7}, {confidence: 0.6}, {closelyCut: 'scale'})).to.equal(undefined);
  });

  it('ignores scores without a threshold', () => {
    const scores = {confidence: 0.5, novelty: 1e9, capture: 1e9};
    expect(rejectionOf(scores, {confidence: 0.4})).to.equal(undefined);
    expect(rejectionOf(scores, {confidence: 0.6})).to.equal('low confidence');
  });

  it('takes size and color at face value only where the camera is that of the training pictures', () => {
    const thresholds = {...THRESHOLDS, strangeness: 2};
    const reject = (capture: number, strangeness: number) =>
      rejectionOf({confidence: 1, novelty: 0, capture, strangeness}, thresholds);
    expect(reject(5, 2)).to.equal(undefined);
    expect(reject(5, 2.1)).to.equal('not one of the known varieties');
    expect(reject(5.1, 2.1)).to.equal(undefined);
    // A model that declares no threshold for it is judged as before.
    expect(rejectionOf({confidence: 1, capture: 0, strangeness: 99}, THRESHOLDS)).to.equal(undefined);
    // And where the scale is not known, size says nothing.
    expect(rejectionOf({confidence: 1, capture: 0, strangeness: 99}, thresholds, {closelyCut: 'scale'})).to.equal(
      undefined,
    );
  });

  it('accepts nothing where size and color are both unlike all, and forgives one of them', () => {
    const reject = (strangeness: number, sizeNovelty: number) =>
      rejectionOf(
        {confidence: 1, strangeness, sizeNovelty},
        {confidence: 0.5, unlike: {strangeness: 2, sizeNovelty: 1}},
      );
    expect(reject(2, 9)).to.equal(undefined);
    expect(reject(9, 1)).to.equal(undefined);
    expect(reject(2.1, 1.1)).to.equal('capture too different to be sure');
  });

  it('accepts nothing above the limit of the capture', () => {
    const reject = (capture: number) => rejectionOf({confidence: 1, capture}, {...THRESHOLDS, captureLimit: 30});
    expect(reject(30)).to.equal(undefined);
    expect(reject(30.1)).to.equal('capture too different to be sure');
  });

  describe('of pictures by the same camera', () => {
    const SAME = {confidence: 0.7, novelty: 8, capture: 6, strangeness: 3, sizeNovelty: 2};
    const thresholds = {...THRESHOLDS, sure: 0.99, captureLimit: 30, sameCamera: SAME};
    const reject = (scores: object, by: object = thresholds, closelyCut?: 'scale') =>
      rejectionOf({confidence: 0.7, novelty: 8, capture: 6, strangeness: 3, ...scores}, by as typeof thresholds, {
        trust: 'same-camera',
        closelyCut,
      });

    it('rejects by each threshold that the model has for them', () => {
      expect(reject({})).to.equal(undefined);
      expect(reject({novelty: 8.1, confidence: 1})).to.equal('not one of the known varieties');
      expect(reject({strangeness: 3.1, confidence: 1})).to.equal('not one of the known varieties');
      expect(reject({sizeNovelty: 2.1, confidence: 1})).to.equal('not one of the known varieties');
      expect(reject({capture: 6.1, confidence: 1})).to.equal('capture too different to be sure');
      expect(reject({confidence: 0.69})).to.equal('low confidence');
      expect(reject({confidence: 1}, thresholds, 'scale')).to.equal('capture too different to be sure');
    });

    it('is strict by what a model without such thresholds has', () => {
      const older = {...THRESHOLDS, sure: 0.99};
      expect(reject({confidence: 0.91, capture: 5, strangeness: 99}, older)).to.equal(undefined);
      expect(reject({confidence: 1, capture: 5.1}, older)).to.equal('capture too different to be sure');
      expect(reject({confidence: 0.91}, {confidence: 0.9})).to.equal(undefined);
    });

    it('asks for no more confidence than is enough, and for no more than the model', () => {
      expect(withConfidenceUpTo(thresholds, 0.8)).to.deep.equal({
        ...thresholds,
        confidence: 0.8,
        sure: 0.8,
        sameCamera: {...SAME, confidence: 0.7},
      });
      expect(withConfidenceUpTo({confidence: 0.3}, 0.8)).to.deep.equal({confidence: 0.3});
    });

    it('follows another confidence', () => {
      const lax = withConfidence(thresholds, 0.1);
      expect(reject({confidence: 0.2}, lax)).to.equal(undefined);
      expect(reject({confidence: 0.2, novelty: 8.1}, lax)).to.equal('not one of the known varieties');
      expect(withConfidence(THRESHOLDS, 0.1)).to.deep.equal({...THRESHOLDS, confidence: 0.1, sure: 0.1});
    });
  });
});
