import {expect} from 'chai';
import {type Answers, joinAnswers} from '../../src/exporting/compare/answers.ts';
import {measureAnswers} from '../../src/exporting/compare/measure-answers.ts';
import {LIMITS, worseThanAllowed} from '../../src/exporting/int8/gate.ts';
import {matchingValue, refitThresholds} from '../../src/exporting/int8/refit-thresholds.ts';
import {randomNumbers} from '../helpers/images.ts';

/** Answers with a confidence and a novelty each, the first of two labels the most probable. */
function answers(confidences: readonly number[], novelties: readonly number[]): Answers {
  return {
    probabilities: confidences.map((each) => Float32Array.of(each, 1 - each)),
    scores: {novelty: Float32Array.from(novelties)},
  };
}

describe('exporting: thresholds', () => {
  const random = randomNumbers(3);
  const before = Array.from({length: 200}, () => random());

  it('stay where scores do, and go where all scores go', () => {
    for (const value of [-1, 0, before[7], 0.5, 0.973, 2]) expect(matchingValue(value, before, before)).to.equal(value);
    const grown = before.map((each) => 3 * each + 1);
    expect(matchingValue(0.5, before, grown)).to.be.closeTo(2.5, 1e-12);
  });

  it('are passed by as many pictures as before', () => {
    const after = before.map((each) => each ** 2 + 0.05 * random());
    for (const value of [0.2, 0.6, 0.95, 0.999]) {
      const matched = matchingValue(value, before, after);
      const passing = (list: readonly number[], threshold: number) => list.filter((each) => each <= threshold).length;
      expect(passing(after, matched)).to.equal(passing(before, value));
    }
  });

  it('that all or none passed are moved only if they would no longer', () => {
    expect(matchingValue(5, [1, 2], [3, 4])).to.equal(5);
    expect(matchingValue(5, [1, 2], [3, 7])).to.equal(7);
    expect(matchingValue(0, [1, 2], [3, 4])).to.equal(0);
    expect(matchingValue(0.9, [1, 2], [0.5, 4])).to.equal(0.5);
    expect(matchingValue(0.9, [], [])).to.equal(0.9);
  });

  it('of a model are all refitted, each by its own score', () => {
    const scores = (factor: number): Answers => ({
      probabilities: before.map((each) => Float32Array.of(0.5 + each / 2, 0.5 - each / 2)),
      scores: {
        novelty: Float32Array.from(before, (each) => factor * each),
        capture: Float32Array.from(before, (each) => each),
      },
    });
    const thresholds = {
      confidence: 0.7,
      novelty: 0.6,
      capture: 0.5,
      sure: 0.9,
      captureLimit: 0.8,
      sameCamera: {confidence: 0.6, novelty: 0.4},
    };
    const refitted = refitThresholds(thresholds, scores(1), scores(2));
    expect(refitted.novelty).to.be.closeTo(1.2, 1e-6);
    expect(refitted.sameCamera?.novelty).to.be.closeTo(0.8, 1e-6);
    expect(refitted).to.deep.equal({
      ...thresholds,
      novelty: refitted.novelty,
      sameCamera: {confidence: 0.6, novelty: refitted.sameCamera?.novelty},
    });
    const surer: Answers = {
      ...scores(1),
      probabilities: before.map((each) => Float32Array.of(0.5 + each / 4, 0.5 - each / 4)),
    };
    expect(refitThresholds(thresholds, scores(1), surer)).to.include({novelty: 0.6, captureLimit: 0.8});
    expect(refitThresholds(thresholds, scores(1), surer).sure).to.be.closeTo(0.7, 1e-6);
  });

  it('follow pictures of both kinds', () => {
    const joined = joinAnswers(answers([0.9], [0.1]), answers([0.8, 0.7], [0.2, 0.3]));
    expect([...joined.scores.novelty!]).to.deep.equal([...Float32Array.of(0.1, 0.2, 0.3)]);
    expect(joined.probabilities.map(([first]) => first)).to.deep.equal([...Float32Array.of(0.9, 0.8, 0.7)]);
  });

  it('decide what share of known pictures is rejected, and of others accepted', () => {
    const known = answers([0.9, 0.8, 0.95, 0.99], [0.5, 0.5, 1.5, 0.5]);
    const unlike = answers([0.9, 0.6], [0.9, 0.9]);
    const measured = measureAnswers(known, [0, 0, 1, 0], unlike, {confidence: 0.85, novelty: 1});
    expect(measured).to.include({accuracy: 0.75, rejected: 0.5, unlikeAccepted: 0.5});
    // Each lies in its own bin but the last two: |1 - 0.9|, |1 - 0.8|, |1 - 0.95 - 0.99|, of four.
    expect(measured.ece).to.be.closeTo((0.1 + 0.2 + 0.94) / 4, 1e-6);
  });

  it('of a model that is worse than the limits in anything are refused', () => {
    const model = {accuracy: 0.99, ece: 0.01, rejected: 0.02, unlikeAccepted: 0.1};
    expect(worseThanAllowed(model, model)).to.deep.equal([]);
    expect(worseThanAllowed(model, {accuracy: 1, ece: 0, rejected: 0, unlikeAccepted: 0})).to.deep.equal([]);
    const atLimit = {accuracy: 0.9895, ece: 0.015, rejected: 0.025, unlikeAccepted: 0.11};
    expect(worseThanAllowed(model, atLimit)).to.deep.equal([]);
    expect(worseThanAllowed(model, {...model, accuracy: 0.9894}).map(({what}) => what)).to.deep.equal(['accuracy']);
    const worse = {accuracy: 0.98, ece: 0.016, rejected: 0.026, unlikeAccepted: 0.111};
    expect(worseThanAllowed(model, worse).map(({what}) => what)).to.deep.equal(Object.keys(LIMITS));
  });
});
