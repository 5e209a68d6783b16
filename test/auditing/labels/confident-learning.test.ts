import {readFileSync} from 'node:fs';
import {expect} from 'chai';
import {
  confidenceThresholds,
  confidentJoint,
  estimatedCounts,
  findLabelErrors,
} from '../../../src/auditing/labels/confident-learning.ts';

interface Case {
  given: number[];
  probabilities: number[][];
  thresholds: number[];
  joint: number[][];
  counts: number[][];
  issues: number[];
}

const reference = JSON.parse(readFileSync(new URL('cleanlab.json', import.meta.url), 'utf8'));
const cases: Case[] = reference.cases;
const dataOf = ({given, probabilities}: Pick<Case, 'given' | 'probabilities'>) => ({
  given,
  probabilities: probabilities.flat(),
  classes: probabilities[0].length,
});

describe('confident learning', () => {
  for (const [i, each] of cases.entries())
    it(`finds what cleanlab ${reference.cleanlab} finds, case ${i + 1}`, () => {
      const data = dataOf(each);
      const thresholds = confidenceThresholds(data);
      each.thresholds.forEach((threshold, j) => {
        expect(thresholds[j]).to.be.closeTo(threshold, 1e-12);
      });
      expect(confidentJoint(data)).to.deep.equal(each.joint);
      expect(estimatedCounts(data)).to.deep.equal(each.counts);
      const found = findLabelErrors(data).map(({index}) => index);
      expect([...found].sort((a, b) => a - b)).to.deep.equal(each.issues);
    });

  it('names the most certain error first, and the label that it should have', () => {
    const given = [0, 0, 0, 0, 1, 1, 1, 1];
    const probabilities = [
      [0.9, 0.1],
      [0.8, 0.2],
      [0.1, 0.9],
      [0.05, 0.95],
      [0.1, 0.9],
      [0.15, 0.85],
      [0.1, 0.9],
      [0.2, 0.8],
    ];
    const errors = findLabelErrors(dataOf({given, probabilities}));
    expect(errors.map(({index, suggested}) => [index, suggested])).to.deep.equal([
      [3, 1],
      [2, 1],
    ]);
    expect(errors[0].margin).to.be.closeTo(0.9, 1e-12);
  });

  it('takes a picture that reaches no threshold, or a label without pictures, for no evidence', () => {
    const given = [0, 0, 0, 2, 2];
    const probabilities = [
      [0.9, 0.1, 0],
      [0.9, 0.1, 0],
      [0.4, 0.6, 0],
      [0, 0.2, 0.8],
      [0, 0.2, 0.8],
    ];
    const data = dataOf({given, probabilities});
    expect(confidenceThresholds(data)[1]).to.equal(Number.POSITIVE_INFINITY);
    expect(findLabelErrors(data)).to.deep.equal([]);
  });

  it('needs no picture', () => {
    expect(findLabelErrors({given: [], probabilities: [], classes: 3})).to.deep.equal([]);
  });
});
