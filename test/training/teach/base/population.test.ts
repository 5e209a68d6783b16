import {expect} from 'chai';
import {Random} from '../../../../src/training/random.ts';
import {
  decodePopulation,
  drawGrains,
  encodePopulation,
  fitPopulation,
  meanOf,
} from '../../../../src/training/teach/base/population.ts';

describe('a population', () => {
  const random = new Random(2, 'test');
  const count = 4000;
  const labels = Array.from({length: count}, (_, i) => i % 2);
  const features = new Float32Array(count * 2);
  const logits = new Float32Array(count * 2);
  const embedding = new Float32Array(count);
  labels.forEach((label, i) => {
    const [a, b] = [random.normal(), random.normal()];
    features.set([label + a, 5 + 0.5 * a + b], 2 * i);
    logits.set([a - label, label], 2 * i);
    embedding[i] = 10 * label;
  });
  const population = fitPopulation({features, logits, embedding}, labels, 2);

  it('has the means of each label and part', () => {
    expect(population.sizes).to.deep.equal({features: 2, capture: 0, logits: 2, embedding: 1, outline: 0});
    expect(meanOf(population, 1, 'embedding')[0]).to.equal(10);
    expect(meanOf(population, 1, 'features')[0] - meanOf(population, 0, 'features')[0]).to.be.closeTo(1, 0.1);
  });

  it('draws grains with the means and the covariance of what it was fitted to', () => {
    const {rows, labels: drawn} = drawGrains(population, 20_000, 3);
    const of = (label: number, i: number) => drawn.flatMap((each, row) => (each === label ? [rows[row * 4 + i]] : []));
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const covariance = (a: number[], b: number[]) => mean(a.map((value, i) => value * b[i])) - mean(a) * mean(b);
    expect(mean(of(1, 0))).to.be.closeTo(population.means[1][0], 0.03);
    expect(covariance(of(0, 0), of(0, 1))).to.be.closeTo(0.5, 0.05);
    expect(covariance(of(0, 1), of(0, 1))).to.be.closeTo(1.25, 0.06);
    expect(covariance(of(0, 0), of(0, 2))).to.be.closeTo(1, 0.05);
    expect(drawGrains(population, 5, 3).rows, 'the same for the same seed').to.deep.equal(
      drawGrains(population, 5, 3).rows,
    );
  });

  it('is the same after it was written and read, but for rounding', () => {
    const read = decodePopulation(JSON.parse(JSON.stringify(encodePopulation(population))), 2);
    expect(read.means).to.deep.equal(population.means);
    read.covariance.forEach((value, i) => {
      expect(value).to.be.closeTo(population.covariance[i], 1e-6);
    });
  });

  it('is refused where its numbers do not fit', () => {
    expect(() => decodePopulation(encodePopulation(population), 3)).to.throw(RangeError);
  });
});
