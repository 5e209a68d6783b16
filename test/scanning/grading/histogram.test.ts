import {expect} from 'chai';
import {histogram} from '../../../src/scanning/grading/histogram.ts';
import {Random} from '../../../src/training/random.ts';

describe('the histogram of lengths', () => {
  it('has round edges, and each value in its bin', () => {
    expect(histogram([6.2, 6.61, 7, 7.01, 7.4])).to.deep.equal({
      edges: [6.2, 6.3, 6.4, 6.5, 6.6, 6.7, 6.8, 6.9, 7, 7.1, 7.2, 7.3, 7.4, 7.5],
      counts: [1, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 1],
    });
    expect(histogram([30, 58, 61, 99, 115]).edges).to.deep.equal([
      30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90, 95, 100, 105, 110, 115, 120,
    ]);
  });

  it('has few bins, counts all, and covers them, whatever the lengths are', () => {
    const random = new Random('histogram');
    for (let round = 0; round < 300; round++) {
      const scale = 10 ** random.uniform(-4, 5);
      const spread = scale * 10 ** random.uniform(-3, 0);
      const values = Array.from({length: 1 + random.below(50)}, () => scale + spread * random.uniform());
      const {edges, counts} = histogram(values);
      expect(counts.length).to.be.within(1, 20);
      expect(edges).to.have.length(counts.length + 1);
      expect(counts.reduce((sum, count) => sum + count, 0)).to.equal(values.length);
      counts.forEach((count, i) => {
        const inside = values.filter((value) => value >= edges[i] && value < edges[i + 1]).length;
        expect(count, JSON.stringify({values, edges})).to.equal(inside);
      });
    }
  });

  it('is one bin for one length, and none for none', () => {
    expect(histogram([7]).counts).to.deep.equal([1]);
    expect(histogram([0]).counts).to.deep.equal([1]);
    expect(histogram([])).to.deep.equal({edges: [0], counts: []});
  });
});
