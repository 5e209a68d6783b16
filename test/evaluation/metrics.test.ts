import {expect} from 'chai';
import {confusionMatrix} from '../../src/evaluation/confusion.ts';
import {accuracy, perClassMetrics} from '../../src/evaluation/metrics.ts';

describe('confusionMatrix', () => {
  it('has true labels as rows and predicted labels as columns', () => {
    expect(confusionMatrix([0, 0, 1, 2, 2, 2], [0, 2, 1, 2, 2, 0], 4)).to.deep.equal([
      [1, 0, 1, 0],
      [0, 1, 0, 0],
      [1, 0, 2, 0],
      [0, 0, 0, 0],
    ]);
    expect(() => confusionMatrix([0], [], 1)).to.throw('length');
  });
});

describe('accuracy and perClassMetrics', () => {
  // Computed by hand: 27 animals, 8 cats, 6 dogs, 13 rabbits.
  const matrix = [
    [5, 3, 0],
    [2, 3, 1],
    [0, 2, 11],
  ];

  it('agree with a worked example', () => {
    expect(accuracy(matrix)).to.be.closeTo(19 / 27, 1e-15);
    const [cat, dog, rabbit] = perClassMetrics(matrix);
    expect(cat).to.deep.equal({precision: 5 / 7, recall: 5 / 8, f1: 10 / 15, support: 8});
    expect(dog).to.deep.equal({precision: 3 / 8, recall: 3 / 6, f1: 6 / 14, support: 6});
    expect(rabbit).to.deep.equal({precision: 11 / 12, recall: 11 / 13, f1: 22 / 25, support: 13});
    const harmonic = 2 / (1 / (5 / 7) + 1 / (5 / 8));
    expect(cat.f1).to.be.closeTo(harmonic, 1e-15);
  });

  it('are null without images or without predictions of a label', () => {
    const [seen, missed, absent] = perClassMetrics([
      [2, 0, 0],
      [1, 0, 0],
      [0, 0, 0],
    ]);
    expect(seen).to.deep.equal({precision: 2 / 3, recall: 1, f1: 4 / 5, support: 2});
    expect(missed).to.deep.equal({precision: null, recall: 0, f1: 0, support: 1});
    expect(absent).to.deep.equal({precision: null, recall: null, f1: null, support: 0});
    expect(accuracy([[0]])).to.equal(0);
  });
});
