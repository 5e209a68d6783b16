import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {packageRoot} from '../../../src/common/package-root.ts';
import {hashBytes} from '../../../src/dataset/digest.ts';
import {readKnownDigests} from '../../../src/fetching/verification/known-digests.ts';
import {publishedPaths, RICE_IMAGE_DATASET} from '../../../src/fetching/verification/published.ts';
import {SMALL, SMALL_DATASET} from './small-dataset.ts';

const SAMPLE = join(packageRoot(), '..', 'shared', 'data', 'sample');

describe('the published dataset', () => {
  const {labels, files, bytes, digest} = RICE_IMAGE_DATASET;

  it('has five varieties with the right totals', () => {
    expect(Object.keys(labels)).to.deep.equal(['Arborio', 'Basmati', 'Ipsala', 'Jasmine', 'Karacadag']);
    const sum = (field: 'files' | 'bytes') => Object.values(labels).reduce((total, label) => total + label[field], 0);
    expect(sum('files')).to.equal(files).and.to.equal(75_000);
    expect(sum('bytes')).to.equal(bytes).and.to.equal(267_349_373);
    const digests = [digest, ...Object.values(labels).map((label) => label.digest)];
    expect(new Set(digests).size).to.equal(6);
    for (const each of digests) expect(each).to.match(/^[0-9a-f]{32}\.dir$/);
  });

  it('has 15,000 different names per variety, those of Basmati in lower case from the second on', () => {
    const paths = publishedPaths(RICE_IMAGE_DATASET);
    expect(new Set(paths).size).to.equal(75_000);
    expect(new Set(paths.map((path) => path.toLowerCase())).size).to.equal(75_000);
    for (const label of Object.keys(labels)) {
      const own = publishedPaths(RICE_IMAGE_DATASET, [label]);
      expect(own).to.deep.equal(paths.filter((path) => path.startsWith(`${label}/`)));
      expect(own).to.have.length(15_000);
      const lower = label === 'Basmati' ? 'basmati' : label;
      expect([own[0], own[1], own[14_999]]).to.deep.equal([
        `${label}/${label} (1).jpg`,
        `${label}/${lower} (2).jpg`,
        `${label}/${lower} (15000).jpg`,
      ]);
    }
  });

  it('has the names of a small dataset', () => {
    expect(publishedPaths(SMALL_DATASET)).to.deep.equal(Object.keys(SMALL));
  });
});

describe('known digests', () => {
  const known = readKnownDigests(RICE_IMAGE_DATASET)!;

  it('cover most files of the published dataset, and ignore the others', () => {
    const table = readFileSync(join(packageRoot(), 'src', 'fetching', 'verification', 'known-digests.bin'));
    const unknown = Array.from({length: 75_000}, (_, file) => table.subarray(3 * file, 3 * file + 3)).filter(
      (bytes) => bytes.toString('hex') === '000000',
    );
    expect(table).to.have.length(3 * 75_000);
    expect(unknown.length).to.be.below(20_000);
    const found = publishedPaths(RICE_IMAGE_DATASET).filter((path) => known.isOther(path, 'f'.repeat(32)));
    expect(found).to.have.length(75_000 - unknown.length);
  });

  it('ignore unknown files', () => {
    for (const path of ['Wheat/Wheat (1).jpg', 'Arborio/Arborio (15001).jpg', 'Arborio/arborio (1).jpg', ''])
      expect(known.isOther(path, '0'.repeat(32))).to.equal(false);
  });

  it('are undefined without a table', () => {
    expect(readKnownDigests(SMALL_DATASET)).to.equal(undefined);
  });

  it('detect a changed file (skipped if ../shared/data/sample is missing)', function () {
    if (!existsSync(SAMPLE)) this.skip();
    const paths = Object.keys(RICE_IMAGE_DATASET.labels).flatMap((label) =>
      readdirSync(join(SAMPLE, label)).map((name) => `${label}/${name}`),
    );
    expect(paths).to.have.length(200);
    const md5s = paths.map((path) => hashBytes(readFileSync(join(SAMPLE, path))).md5);
    const names = new Set(publishedPaths(RICE_IMAGE_DATASET));
    paths.forEach((path, index) => {
      expect(names.has(path), path).to.equal(true);
      expect(known.isOther(path, md5s[index]), path).to.equal(false);
      expect(known.isOther(path, md5s[(index + 1) % md5s.length]), path).to.equal(true);
    });
  });
});
