import {expect} from 'chai';
import {RiceError} from '../../../src/common/errors.ts';
import {type LocatedFiles, locateLabels} from '../../../src/fetching/unpack/locate-labels.ts';

describe('locateLabels', () => {
  const locate = (...paths: string[]): LocatedFiles =>
    locateLabels({name: 'set.zip', entries: paths.map((path, index) => ({path, bytes: index}))});

  function failure(...paths: string[]): {code: string; message: string} {
    try {
      locate(...paths);
    } catch (error) {
      if (error instanceof RiceError) return {code: error.code, message: error.message};
    }
    throw new Error(`no RiceError for ${paths.join(', ')}`);
  }

  it('takes labels from folders, never from file names', () => {
    const {files} = locate('Rice/Basmati/basmati (2).jpg', 'Rice/Basmati/Arborio (1).jpg', 'Rice/Arborio/x.jpg');
    expect(files).to.deep.equal([
      {entry: 2, path: 'Arborio/x.jpg', label: 'Arborio', bytes: 2, md5: undefined},
      {entry: 1, path: 'Basmati/Arborio (1).jpg', label: 'Basmati', bytes: 1, md5: undefined},
      {entry: 0, path: 'Basmati/basmati (2).jpg', label: 'Basmati', bytes: 0, md5: undefined},
    ]);
  });

  it('finds the label folders at any depth', () => {
    for (const [wrapper, ...paths] of [
      ['', 'A/1.jpg', 'B/1.jpg'],
      ['', 'A/1.jpg'],
      ['', 'A/2024/1.jpg', 'B/1.jpg'],
      ['W', 'W/A/1.jpg', 'W/B/1.jpg'],
      ['W', 'W/A/1.jpg', 'W/notes.txt', 'readme.md'],
      ['W', 'W/A/2024/1.jpg', 'W/B/1.jpg'],
      ['V/W/X', 'V/W/X/A/1.jpg', 'V/W/X/B/1.jpg'],
      ['', 'V/W/X/A/1.jpg', 'V2/W/X/B/1.jpg'],
    ])
      expect(locate(...paths).wrapper, paths.join()).to.equal(wrapper);
  });

  it('lists other files, relative to the dataset folder if they are inside it', () => {
    const {ignored} = locate(
      'W/A/1.jpg',
      'W/Cite.txt',
      'W/A/a.csv',
      'readme.md',
      'W/.DS_Store',
      'W/A/Thumbs.db',
      'Wo/x',
    );
    expect(ignored).to.deep.equal(['Cite.txt', 'A/a.csv', 'readme.md', 'Wo/x']);
  });

  it('rejects archives without labels, with the reason', () => {
    const expected = 'expected one folder of pictures per label: Arborio/1.jpg, Basmati/1.jpg, ...';
    expect(failure('A/1.jpg', 'B/2.jpg', 'cover.png')).to.deep.equal({
      code: 'DATASET_LAYOUT',
      message: `set.zip: cover.png is not in a label folder; ${expected}`,
    });
    expect(failure('1.jpg').message).to.include('1.jpg is not in a label folder');
    for (const paths of [[], ['A/readme.txt'], ['A/._1.jpg', '__MACOSX/A/1.jpg']])
      expect(failure(...paths)).to.deep.equal({
        code: 'DATASET_LAYOUT',
        message: `set.zip: it contains no pictures; ${expected}`,
      });
  });

  it('rejects two files with the same name, but not if they differ in case or Unicode normalization', () => {
    const message = 'set.zip contains A/1.jpg twice';
    expect(failure('A/1.jpg', 'B/1.jpg', 'A/1.jpg')).to.deep.equal({code: 'ARCHIVE_DAMAGED', message});
    expect(locate('A/a.jpg', 'A/A.jpg', 'A/\u00fc.jpg', 'A/u\u0308.jpg').files).to.have.length(4);
  });
});
