import {expect} from 'chai';
import {confusionMatrix} from '../../src/evaluation/confusion.ts';
import {accuracy, perClassMetrics, wilsonInterval} from '../../src/evaluation/metrics.ts';

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

describe('wilsonInterval', () => {
  it('contains the proportions that the score test does not reject', () => {
    // The definition: |p - p0| = z sqrt(p0 (1 - p0) / n) at both ends.
    const z = 1.959963984540054;
    for (const [k, n] of [
      [81, 263],
      [15, 148],
      [14_693, 14_703],
      [1, 29],
      [0, 20],
      [29, 29],
    ]) {
      const {low, high, level} = wilsonInterval(k, n);
      const score = (p0: number) => Math.abs(k / n - p0) / Math.sqrt((p0 * (1 - p0)) / n);
      if (k > 0) expect(score(low), `${k}/${n}`).to.be.closeTo(z, 1e-6);
      else expect(low).to.equal(0);
      if (k < n) expect(score(high), `${k}/${n}`).to.be.closeTo(z, 1e-6);
      else expect(high).to.equal(1);
      expect(level).to.equal(0.95);
    }
  });

  it('agrees with published values (Newcombe, Statistics in Medicine 17, 1998, table I)', () => {
    const published: [number, number, number, number][] = [
      [81, 263, 0.2553, 0.3662],
      [15, 148, 0.0624, 0.1605],
      [0, 20, 0, 0.1611],
      [1, 29, 0.0061, 0.1718],
    ];
    for (const [k, n, low, high] of published) {
      expect(wilsonInterval(k, n).low).to.be.closeTo(low, 6e-5);
      expect(wilsonInterval(k, n).high).to.be.closeTo(high, 6e-5);
    }
    expect(wilsonInterval(0, 0)).to.deep.equal({low: 0, high: 1, level: 0.95});
  });
});
