import {expect} from 'chai';
import {RiceError} from '../../src/common/errors.ts';
import type {Prediction} from '../../src/model/classifier.ts';
import {REASONS} from '../../src/model/rejection.ts';
import {type Answer, packAnswers, unpackAnswers} from '../../src/prediction/answer-batch.ts';

const LABELS = ['Red', 'Blue', 'Grün, "hell"'];
const GRAIN = {area: 1430, length: 70.14, width: 25.96, angle: -147.91, objects: 2, x: 0, y: 59.96};

/** Probabilities in float32 precision, as networks compute them. */
function prediction(best: number, more: Partial<Prediction> = {}): Prediction {
  const probabilities = Object.fromEntries(LABELS.map((label, i) => [label, Math.fround(i === best ? 0.7 : 0.15)]));
  return {label: LABELS[best], confidence: Math.fround(0.7), known: true, probabilities, ...more};
}

describe('a batch of answers', () => {
  const answers: Answer[] = [
    prediction(0),
    new RiceError('IMAGE_EMPTY', 'the file is empty', {suggestions: ['Copy it again.', 'Or not.']}),
    prediction(2, {grain: GRAIN, window: {brightness: 127.5, area: 0.25}}),
    prediction(1, {known: false, reason: 'no grain', notes: ['the first of 3 pages', 'b']}),
    prediction(1, {known: false, reason: 'several grains', grain: GRAIN}),
    ...REASONS.map((reason) => prediction(0, {known: false, reason})),
    prediction(1, {novelty: Math.fround(12.3), capture: Math.fround(1e-7)}),
    prediction(1, {novelty: Math.fround(3.4028234663852886e38)}),
    prediction(1, {capture: -0.5}),
    prediction(1, {novelty: 2, strangeness: Math.fround(0.7)}),
    new RiceError('PATH_NOT_FOUND', 'gone', {suggestions: []}),
  ];

  it('survives packing and unpacking, also through a thread', () => {
    const batch = packAnswers(answers, LABELS);
    const there = structuredClone(batch, {transfer: [batch.probabilities.buffer as ArrayBuffer]});
    const back = unpackAnswers(there, LABELS);
    expect(back).to.have.length(answers.length);
    back.forEach((answer, i) => {
      const before = answers[i];
      expect(answer instanceof RiceError).to.equal(before instanceof RiceError);
      if (answer instanceof RiceError && before instanceof RiceError)
        expect(answer.toJSON()).to.deep.equal(before.toJSON());
      else expect(answer).to.deep.equal(before);
    });
  });

  it('keeps the features of each picture if requested', () => {
    const described = [answers[1], prediction(0, {features: Float32Array.of(1, 2)}), answers[1]];
    described.push(prediction(2, {features: Float32Array.of(-0.25, 4)}));
    const back = unpackAnswers(structuredClone(packAnswers(described, LABELS)), LABELS);
    expect([back[1], back[3]]).to.deep.equal([described[1], described[3]]);
  });

  it('may be empty, or contain only errors', () => {
    expect(unpackAnswers(packAnswers([], LABELS), LABELS)).to.deep.equal([]);
    const [error] = unpackAnswers(packAnswers([answers[1]], LABELS), LABELS);
    expect(error).to.be.instanceOf(RiceError);
  });

  it('takes the first of equal probabilities, like the classifier', () => {
    const probabilities = Object.fromEntries(LABELS.map((label) => [label, 0.25]));
    const even: Prediction = {label: 'Red', confidence: 0.25, known: true, probabilities};
    expect(unpackAnswers(packAnswers([even], LABELS), LABELS)).to.deep.equal([even]);
  });
});
