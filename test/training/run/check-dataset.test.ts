import {expect} from 'chai';
import {findDuplicates} from '../../../src/dataset/duplicates.ts';
import type {HashedDataset} from '../../../src/dataset/hash-dataset.ts';
import {DEFAULT_FRACTIONS, type Part} from '../../../src/dataset/split.ts';
import {checkSplit, warnOfDuplicates} from '../../../src/training/run/check-dataset.ts';
import type {RunRecord} from '../../../src/training/run/run-folder.ts';

/** Pictures of two labels, each with its part and its content. */
const hashedOf = (pictures: [label: number, part: Part, content: string][]) =>
  ({
    dataset: {labels: ['A', 'B'], files: pictures.map(([label, part], i) => ({path: `${i}.jpg`, label, part}))},
    hashes: pictures.map(([, , sha256]) => ({sha256, md5: ''})),
  }) as unknown as HashedDataset;

const recordOf = (train: number, validation: number) =>
  ({
    dataset: {
      root: 'data',
      labels: {A: 1, B: 1},
      split: {seed: 0, fractions: DEFAULT_FRACTIONS, given: true, images: {train, validation, test: 0}},
      errors: [],
    },
    configuration: {batchSize: 2},
  }) as unknown as RunRecord;

describe('training: the check of a dataset', () => {
  const warnings: string[] = [];
  const warn = (message: string) => warnings.push(message);
  beforeEach(() => warnings.splice(0));

  it('warns of pictures to measure with that are trained on as well, which a given split allows', () => {
    const hashed = hashedOf([
      [0, 'train', 'a'],
      [1, 'train', 'b'],
      [0, 'validation', 'c'],
      [1, 'validation', 'd'],
      [0, 'test', 'a'],
      [0, 'test', 'e'],
      [1, 'test', 'b'],
    ]);
    checkSplit(recordOf(2, 2), hashed, warn);
    expect(warnings).to.deep.equal([
      'the train part has 2 of the 3 pictures of the test part too, so that part measures too well',
    ]);
  });

  it('says that duplicates share a part where they do, and not where the dataset brings its own split', () => {
    const {dataset, hashes} = hashedOf([
      [0, 'train', 'a'],
      [0, 'test', 'a'],
    ]);
    warnOfDuplicates(findDuplicates(dataset, hashes), {}, warn);
    warnOfDuplicates(findDuplicates(dataset, hashes), {given: true}, warn);
    expect(warnings).to.deep.equal([
      '1 picture is an exact duplicate of another; duplicates always share a part of the split',
      '1 picture is an exact duplicate of another',
    ]);
  });
});
