import {expect} from 'chai';
import {RiceError} from '../../src/common/errors.ts';
import type {Prediction} from '../../src/model/classifier.ts';
import type {Reason} from '../../src/model/rejection.ts';
import {isError, toEntry} from '../../src/prediction/entry.ts';
import {Tally} from '../../src/prediction/tally.ts';
import {failure, prediction} from '../commands/predict/formats/entries.ts';

const ANSWER: Prediction = {
  label: 'Red',
  confidence: 0.123456789,
  known: true,
  probabilities: {Red: 0.123456789, Blue: 1e-9},
  grain: {area: 7, length: 1.23456, width: 2, angle: -0.001, objects: 1, x: 3.999, y: 0},
};

describe('an entry', () => {
  it('rounds its numbers', () => {
    expect(toEntry('a', ANSWER, {})).to.deep.equal({
      path: 'a',
      label: 'Red',
      confidence: 0.123457,
      known: true,
      probabilities: {Red: 0.123457, Blue: 0},
      grain: {area: 7, length: 1.23, width: 2, angle: -0, objects: 1, x: 4, y: 0},
    });
  });

  it('has the scores of the model, whatever their size', () => {
    const scored = {...ANSWER, novelty: Math.fround(1234.56789), capture: Math.fround(1.23456789e-7)};
    expect(toEntry('a', scored, {}))
      .to.include({novelty: 1234.57, capture: 1.23457e-7})
      .and.not.to.have.property('strangeness');
    expect(toEntry('a', {...scored, strangeness: Math.fround(0.1)}, {})).to.include({strangeness: 0.1});
    expect(toEntry('a', ANSWER, {})).not.to.have.any.keys('novelty', 'capture', 'strangeness');
  });

  it('has the given label if it is unknown, and keeps the nearest', () => {
    const none: Prediction = {...ANSWER, known: false, reason: 'no grain'};
    expect(toEntry('a', none, {unknownAs: 'other'})).to.include({label: 'other', nearest: 'Red'});
    expect(toEntry('a', none, {}))
      .to.include({label: 'Red'})
      .and.not.to.have.property('nearest');
    expect(toEntry('a', ANSWER, {unknownAs: 'other'}))
      .to.include({label: 'Red'})
      .and.not.to.have.property('nearest');
  });

  it('may be an error', () => {
    const entry = toEntry('a', new RiceError('IMAGE_EMPTY', 'no bytes'), {});
    expect(entry).to.deep.equal({path: 'a', code: 'IMAGE_EMPTY', message: 'no bytes'});
    expect([isError(entry), isError(toEntry('a', ANSWER, {}))]).to.deep.equal([true, false]);
  });
});

describe('a tally', () => {
  it('counts entries', () => {
    const tally = new Tally();
    expect(tally.summary()).to.include({images: 0, errors: 0, unknown: 0, imagesPerSecond: 0});
    const unknown = (reason: Reason) => prediction('c', {known: false, reason});
    const doubted = [unknown('low confidence'), unknown('no grain'), unknown('low confidence')];
    for (const entry of [prediction('a'), failure('b'), ...doubted, prediction('d')]) tally.add(entry);
    expect(tally.done).to.equal(6);
    expect(tally.summary()).to.deep.include({images: 5, errors: 1, unknown: 3, labels: {Red: 2}});
    expect(Object.entries(tally.summary().reasons)).to.deep.equal([
      ['no grain', 1],
      ['low confidence', 2],
    ]);
  });
});
