import {expect} from 'chai';
import {selectiveAccuracy} from '../../src/evaluation/selective.ts';

const answer = (known: boolean, confidence: number, right: boolean) => ({known, confidence, right});

describe('selective accuracy', () => {
  it('drops unknown answers before less confident ones', () => {
    const answers = [
      answer(false, 1, false),
      answer(true, 0.5, true),
      answer(true, 0.4, false),
      answer(true, 0.9, true),
    ];
    expect(selectiveAccuracy(answers, 0.5)).to.deep.equal({coverage: 0.5, accuracy: 1, images: 2});
    expect(selectiveAccuracy(answers, 0.75)).to.deep.equal({coverage: 0.75, accuracy: 2 / 3, images: 3});
    expect(selectiveAccuracy(answers, 1)).to.deep.equal({coverage: 1, accuracy: 0.5, images: 4});
  });

  it('keeps the first of equal answers', () => {
    const answers = [
      answer(true, 0.7, false),
      answer(true, 0.7, true),
      answer(true, 0.7, true),
      answer(true, 0.7, true),
    ];
    expect(selectiveAccuracy(answers, 0.25).accuracy).to.equal(0);
    expect(selectiveAccuracy([...answers].reverse(), 0.75).accuracy).to.equal(1);
  });

  it('rounds the coverage up to whole answers', () => {
    const of = (count: number, coverage: number) =>
      selectiveAccuracy(new Array(count).fill(answer(true, 1, true)), coverage).images;
    expect([1, 99, 100, 101, 200, 6073].map((count) => of(count, 0.99))).to.deep.equal([1, 99, 99, 100, 198, 6013]);
    expect(of(100, 0.07)).to.equal(7);
    expect(selectiveAccuracy([], 0.99)).to.deep.equal({coverage: 0.99, accuracy: 0, images: 0});
  });
});
