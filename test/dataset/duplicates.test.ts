import {expect} from 'chai';
import {findDuplicates} from '../../src/dataset/duplicates.ts';
import {hashDataset} from '../../src/dataset/hash-dataset.ts';
import {scanDataset} from '../../src/dataset/scan.ts';
import {useTemporaryFolder, writeTree} from './fixtures.ts';

describe('findDuplicates', () => {
  const temporary = useTemporaryFolder();

  it('groups files with equal content, and finds groups with several labels', async () => {
    writeTree(temporary(), {
      'A/1.jpg': 'same',
      'A/2.jpg': 'same',
      'A/3.jpg': 'alone',
      'B/1.jpg': 'both',
      'C/1.jpg': 'both',
      'C/2.png': 'same',
      'C/3.jpg': 'twin',
      'C/4.jpg': 'twin',
    });
    const {dataset, hashes} = await hashDataset(scanDataset(temporary()));
    const {groups, surplus, conflicting} = findDuplicates(dataset, hashes);
    expect(groups.map(({paths, labels}) => [paths, labels])).to.deep.equal([
      [
        ['A/1.jpg', 'A/2.jpg', 'C/2.png'],
        ['A', 'C'],
      ],
      [
        ['B/1.jpg', 'C/1.jpg'],
        ['B', 'C'],
      ],
      [['C/3.jpg', 'C/4.jpg'], ['C']],
    ]);
    expect(groups[0].sha256).to.equal(hashes[0].sha256);
    expect(surplus).to.equal(4);
    expect(conflicting).to.deep.equal(groups.slice(0, 2));
  });

  it('finds a content that is there very often, and many labels, without looking at all of them for each', () => {
    // Quadratic time takes minutes here.
    const count = 400_000;
    const files = Array.from({length: count}, (_, i) => ({path: `${i}.jpg`, label: i % 1000}));
    const labels = Array.from({length: 1000}, (_, i) => `label ${i}`);
    const {groups, surplus} = findDuplicates({files, labels}, Array(count).fill({sha256: 'same'}));
    expect(groups).to.have.length(1);
    expect(groups[0].paths).to.have.length(count);
    expect(groups[0].labels).to.have.length(1000);
    expect(surplus).to.equal(count - 1);
  });
});
