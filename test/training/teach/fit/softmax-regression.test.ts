import {expect} from 'chai';
import {Random} from '../../../../src/training/random.ts';
import {logitsOf} from '../../../../src/training/teach/fit/linear-head.ts';
import {fitCorrection} from '../../../../src/training/teach/fit/softmax-regression.ts';

describe('fitCorrection', () => {
  const random = new Random(5, 'test');
  const count = 300;
  const [dimensions, classes, penalty] = [2, 3, 0.01];
  const rows = Float64Array.from({length: count * dimensions}, () => random.normal());
  const labels = Array.from({length: count}, (_, i) => (rows[2 * i] > 0.3 ? 1 : rows[2 * i + 1] > 0 ? 2 : 0));
  const logits = Float64Array.from({length: count * classes}, () => random.normal());
  const weights = labels.map((_, i) => 1 + (i % 3));

  function loss(head: {weights: Float64Array; bias: Float64Array}): number {
    const all = logitsOf({dimensions, classes, ...head}, rows, logits);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    let value = 0;
    labels.forEach((label, i) => {
      const own = [...all.subarray(i * classes, (i + 1) * classes)];
      value += (weights[i] / total) * (Math.log(own.reduce((sum, each) => sum + Math.exp(each), 0)) - own[label]);
    });
    const squares = (values: Float64Array) => values.reduce((sum, each) => sum + each * each, 0);
    return value + (penalty / 2) * (squares(head.weights) + 0.1 * squares(head.bias));
  }

  it('is where the penalized loss is least: every step away from it is worse', () => {
    const head = fitCorrection({rows, logits, labels, weights}, dimensions, classes, penalty);
    const least = loss(head);
    expect(least).to.be.below(loss({weights: new Float64Array(6), bias: new Float64Array(3)}) - 0.3);
    for (const name of ['weights', 'bias'] as const)
      for (let i = 0; i < head[name].length; i++)
        for (const step of [-0.02, 0.02]) {
          const moved = {weights: head.weights.slice(), bias: head.bias.slice()};
          moved[name][i] += step;
          expect(loss(moved), `${name} ${i}`).to.be.above(least);
        }
  });

  it('adds nothing where the logits are right already and the penalty is large', () => {
    const right = Float64Array.from({length: count * classes}, (_, at) =>
      labels[Math.floor(at / classes)] === at % classes ? 20 : 0,
    );
    const {weights: added} = fitCorrection({rows, logits: right, labels, weights}, dimensions, classes, 1);
    expect(Math.max(...added.map(Math.abs))).to.be.below(1e-3);
  });
});
