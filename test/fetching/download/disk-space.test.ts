import {statfsSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect} from 'chai';
import {freeBytes, requireSpace} from '../../../src/fetching/download/disk-space.ts';
import {useTemporaryFolder} from '../../dataset/fixtures.ts';

describe('free disk space', () => {
  const folder = useTemporaryFolder();

  it('is that of the nearest existing folder', () => {
    const {blocks, bsize} = statfsSync(tmpdir());
    expect(freeBytes(join(folder(), 'not', 'yet')))
      .to.be.greaterThan(0)
      .and.at.most(blocks * bsize);
  });

  it('is enough, or the error has both figures', () => {
    const place = join(folder(), 'not', 'yet');
    requireSpace(place, 1, 'a byte');
    expect(() => requireSpace(place, 2e15, 'the archive'))
      .to.throw(/^the archive needs 2,000,000,000 MB on the disk of .*yet, where [\d,]+ MB are free$/)
      .with.property('code', 'DISK_FULL');
  });
});
