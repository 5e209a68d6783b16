import {readFileSync} from 'node:fs';
import {expect} from 'chai';
import {discriminate, fitDiscriminant} from '../../../src/auditing/labels/linear-discriminant.ts';
import {foldProbabilities, foldsOf} from '../../../src/auditing/labels/out-of-fold.ts';

interface Case {
  labels: number[];
  rows: number[][];
  asked: number[][];
  probabilities: number[][];
}

const reference = JSON.parse(readFileSync(new URL('cleanlab.json', import.meta.url), 'utf8'));
const cases: Case[] = reference.discriminants;

describe('the linear discriminant', () => {
  for (const [i, {labels, rows, asked, probabilities}] of cases.entries())
    it(`answers as that of scikit-learn ${reference['scikit-learn']} with Ledoit and Wolf's covariance, case ${i + 1}`, () => {
      const width = rows[0].length;
      const members = rows.map((_, row) => row);
      const fitted = fitDiscriminant({data: rows.flat(), width}, labels, members, 3);
      const answers = new Float64Array(3 * asked.length);
      asked.forEach((_, row) => {
        discriminate(fitted, {data: asked.flat(), width}, row, answers, row * 3);
      });
      probabilities.flat().forEach((p, at) => {
        expect(answers[at]).to.be.closeTo(p, 1e-6);
      });
    });

  it('learns nothing from the pictures that it is asked about', () => {
    // A picture alone in its place: only a classifier that has seen it could know its label.
    const data = [0, 0.1, 0.2, 10, 10.1, 10.2, 10.05];
    const given = [0, 0, 0, 1, 1, 1, 0];
    const answers = foldProbabilities({data, width: 1}, given, [0, 0, 0, 0, 0, 0, 1], 1, 2);
    expect(answers).to.have.length(2);
    expect(answers[1]).to.be.greaterThan(0.999);
  });

  it('gives a label without pictures no probability, and columns that do not vary no weight', () => {
    const data = [0, 5, 0.1, 5, 3, 5, 3.1, 5];
    const fitted = fitDiscriminant({data, width: 2}, [0, 0, 2, 2], [0, 1, 2, 3], 3);
    const answers = new Float64Array(3);
    discriminate(fitted, {data, width: 2}, 0, answers, 0);
    expect(answers[1]).to.equal(0);
    expect(answers[0]).to.be.greaterThan(0.9);
  });
});

describe('folds', () => {
  it('follow from the content, and are about equally large', () => {
    const hashes = Array.from({length: 5000}, (_, i) => ({
      sha256: ((i * 2654435761) >>> 0).toString(16).padStart(64, '0'),
    }));
    const same = foldsOf([{sha256: 'ab'.repeat(32)}, {sha256: 'ab'.repeat(32)}], 5);
    expect(same[0]).to.equal(same[1]);
    const spread = hashes.map(({sha256}) => ({sha256: sha256.slice(56).repeat(8)}));
    const counts = new Array(5).fill(0);
    for (const fold of foldsOf(spread, 5)) counts[fold]++;
    for (const count of counts) expect(count).to.be.within(900, 1100);
  });
});
