import {createHash} from 'node:crypto';
import {expect} from 'chai';
import type {Dataset} from '../../src/dataset/dataset.ts';
import {balancedSample} from '../../src/evaluation/balanced-sample.ts';

/** A dataset with the given number of files per label; the content of a file is its number. */
function datasetOf(counts: number[]): {dataset: Dataset; hashes: {sha256: string}[]; all: number[]} {
  const files = counts.flatMap((count, label) =>
    Array.from({length: count}, (_, i) => ({path: `${label}/${i}.jpg`, label, bytes: 1, modified: 0, changed: 0})),
  );
  const hashes = files.map(({path}) => ({sha256: createHash('sha256').update(path).digest('hex')}));
  const labels = counts.map(String);
  return {dataset: {root: '/', labels, files, ignored: [], notes: []}, hashes, all: files.map((_, i) => i)};
}

function countsOf({files, labels}: Dataset, sample: number[]): number[] {
  return labels.map((_, label) => sample.filter((file) => files[file].label === label).length);
}

describe('balanced sample', () => {
  const {dataset, hashes, all} = datasetOf([20, 3, 50]);

  it('has equally many files of each label if there are enough', () => {
    const counts = (count: number) => countsOf(dataset, balancedSample(dataset, hashes, all, count));
    expect(counts(9)).to.deep.equal([3, 3, 3]);
    expect(counts(11)).to.deep.equal([4, 3, 4]);
    expect(counts(40)).to.deep.equal([19, 3, 18]);
    expect(counts(500)).to.deep.equal([20, 3, 50]);
  });

  it('takes the files with the smallest hashes, in the order of the files', () => {
    const sample = balancedSample(dataset, hashes, all, 6);
    expect(sample).to.deep.equal([...sample].sort((a, b) => a - b));
    const first = sample.filter((file) => dataset.files[file].label === 0).map((file) => hashes[file].sha256);
    const sorted = hashes
      .slice(0, 20)
      .map(({sha256}) => sha256)
      .sort();
    expect([...first].sort()).to.deep.equal(sorted.slice(0, 2));
  });

  it('is a subset of a larger sample', () => {
    const large = balancedSample(dataset, hashes, all, 30);
    expect(large).to.include.members(balancedSample(dataset, hashes, all, 12));
  });

  it('is chosen from the given files', () => {
    const some = all.filter((file) => file % 2 === 0);
    expect(some).to.include.members(balancedSample(dataset, hashes, some, 10));
  });
});
