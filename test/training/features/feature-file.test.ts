import {appendFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {completePictures, FEATURES_FILE, FeatureFile, VIEWS} from '../../../src/training/features/feature-file.ts';
import {useTemporaryFolder} from '../../dataset/fixtures.ts';

const LENGTH = 3;

describe('training: the file of features', () => {
  const folder = useTemporaryFolder();
  const path = () => join(folder(), FEATURES_FILE);
  const write = (pictures: number) =>
    writeFileSync(path(), Buffer.from(Float32Array.from({length: pictures * VIEWS * LENGTH}, (_, i) => i).buffer));

  it('has the views of each picture, which is found by its position in the cache', () => {
    write(3);
    const file = FeatureFile.open(folder(), LENGTH, [40, 7, 12]);
    expect([...file.row(40, 0)]).to.deep.equal([0, 1, 2]);
    expect([...file.row(40, 1)]).to.deep.equal([3, 4, 5]);
    expect([...file.row(12, 1)]).to.deep.equal([15, 16, 17]);
  });

  it('is refused where it is missing, or of another number of pictures', () => {
    expect(() => FeatureFile.open(folder(), LENGTH, [1]))
      .to.throw('cannot be read')
      .with.property('code', 'RUN_DAMAGED');
    write(2);
    expect(() => FeatureFile.open(folder(), LENGTH, [1, 2, 3]))
      .to.throw('has 48 bytes where 72 are expected')
      .with.property('code', 'RUN_DAMAGED');
  });

  it('counts the complete pictures of an unfinished one', () => {
    expect(completePictures(path(), LENGTH)).to.equal(0);
    write(2);
    appendFileSync(path(), Buffer.alloc(23));
    expect(completePictures(path(), LENGTH)).to.equal(2);
    appendFileSync(path(), Buffer.alloc(1));
    expect(completePictures(path(), LENGTH)).to.equal(3);
  });
});
