import {expect} from 'chai';
import {fitTemperature, negativeLogLikelihood} from '../../src/evaluation/temperature.ts';

describe('fitTemperature', () => {
  it('finds the closed-form optimum for two classes with one margin', () => {
    // All logit margins are m, a share p is right: the best sigmoid(m / T) is p, so T = m / log(p / (1 - p)).
    for (const [margin, right, total] of [
      [4, 8, 10],
      [1, 9, 10],
      [0.5, 97, 100],
    ]) {
      const labels = Array.from({length: total}, (_, i) => (i < right ? 0 : 1));
      const logits = labels.flatMap(() => [margin + 2, 2]);
      const p = right / total;
      const {temperature, nllBefore, nllAfter} = fitTemperature(logits, labels);
      expect(temperature).to.be.closeTo(margin / Math.log(p / (1 - p)), 1e-5);
      expect(nllAfter).to.be.closeTo(-p * Math.log(p) - (1 - p) * Math.log(1 - p), 1e-9);
      expect(nllAfter).to.be.at.most(nllBefore);
    }
  });

  it('finds the zero of the derivative of the likelihood for several classes', () => {
    const logits = [2, 1, 0, -1, 3, 1, 0.5, 0, 0.2, 5, 1, 1, 0, 2, 1];
    const labels = [0, 1, 1, 0, 2];
    const {temperature} = fitTemperature(new Float32Array(logits), new Uint8Array(labels));
    expect(temperature).to.be.within(0.1, 10);
    // d NLL / d (1 / T) = mean over images of (expected logit under the softmax - logit of the label).
    let derivative = 0;
    labels.forEach((label, i) => {
      const row = [...new Float32Array(logits)].slice(3 * i, 3 * i + 3);
      const weights = row.map((z) => Math.exp(z / temperature));
      const norm = weights.reduce((a, b) => a + b);
      derivative += row.reduce((mean, z, c) => mean + (z * weights[c]) / norm, 0) - row[label];
    });
    expect(derivative / labels.length).to.be.closeTo(0, 1e-5);
  });

  it('stays in its range if all or no answers are right', () => {
    expect(fitTemperature([5, 0, 0, 5], [0, 1]).temperature).to.be.within(0.05, 0.051);
    expect(fitTemperature([5, 0, 0, 5], [1, 0]).temperature).to.be.within(19.9, 20);
    expect(fitTemperature([], [])).to.deep.equal({temperature: 1, nllBefore: 0, nllAfter: 0});
    expect(() => fitTemperature([1, 2, 3], [0, 1])).to.throw('one row per label');
  });

  it('does not overflow on large logits', () => {
    expect(negativeLogLikelihood([10_000, 0], [1], 1)).to.equal(10_000);
    expect(negativeLogLikelihood([-10_000, -10_000], [1], 1)).to.be.closeTo(Math.LN2, 1e-12);
  });
});
