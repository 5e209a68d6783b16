import {chmodSync, mkdirSync, symlinkSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {RiceError} from '../../src/common/errors.ts';
import {scanDataset} from '../../src/dataset/scan.ts';
import {useTemporaryFolder, writeTree} from './fixtures.ts';

function errorOf(path: string): RiceError {
  try {
    scanDataset(path);
  } catch (error) {
    expect(error).to.be.instanceOf(RiceError);
    return error as RiceError;
  }
  throw new Error(`${path} was accepted`);
}

describe('scanDataset', () => {
  const temporary = useTemporaryFolder();

  it('takes labels from folders, never from file names, and sorts all by code point', () => {
    writeTree(temporary(), {
      'Basmati/basmati (2).jpg': 'bb',
      'Basmati/Arborio (1).JPG': 'a',
      'arborio/b.png': 'ccc',
      'Zizania/é.jpeg': '',
    });
    const dataset = scanDataset(temporary());
    expect(dataset.labels).to.deep.equal(['Basmati', 'Zizania', 'arborio']);
    expect(dataset.files.map(({path, label, bytes}) => [path, label, bytes])).to.deep.equal([
      ['Basmati/Arborio (1).JPG', 0, 1],
      ['Basmati/basmati (2).jpg', 0, 2],
      ['Zizania/é.jpeg', 1, 0],
      ['arborio/b.png', 2, 3],
    ]);
    expect(dataset.ignored).to.deep.equal([]);
    expect(dataset.notes).to.deep.equal([]);
  });

  it('ignores junk files, and lists other files', () => {
    writeTree(temporary(), {
      'A/1.jpg': '',
      'A/._1.jpg': '',
      'A/Thumbs.db': '',
      'A/.ipynb_checkpoints/1-checkpoint.jpg': '',
      'A/readme.md': '',
      'B/1.jpg': '',
      'B/desktop.ini': '',
      '.git/x.jpg': '',
      '.ipynb_checkpoints/x.jpg': '',
      '__MACOSX/A/._1.jpg': '',
      '.DS_Store': '',
      'Rice_Citation_Request.txt': '',
    });
    const dataset = scanDataset(temporary());
    expect(dataset.labels).to.deep.equal(['A', 'B']);
    expect(dataset.files.map(({path}) => path)).to.deep.equal(['A/1.jpg', 'B/1.jpg']);
    expect(dataset.ignored).to.deep.equal(['Rice_Citation_Request.txt', 'A/readme.md']);
  });

  it('includes subfolders of a label in that label', () => {
    writeTree(temporary(), {'A/day 1/x.jpg': '', 'A/day 2/deep/y.jpg': '', 'B/z.jpg': ''});
    const {files} = scanDataset(temporary());
    expect(files.map(({path, label}) => [path, label])).to.deep.equal([
      ['A/day 1/x.jpg', 0],
      ['A/day 2/deep/y.jpg', 0],
      ['B/z.jpg', 1],
    ]);
  });

  it('skips wrapper folders and says so', () => {
    writeTree(temporary(), {'archive/Rice_Image_Dataset/A/1.jpg': '', 'archive/Rice_Image_Dataset/B/1.jpg': ''});
    const {root, labels, files, notes} = scanDataset(temporary());
    expect(root).to.equal(join(temporary(), 'archive', 'Rice_Image_Dataset'));
    expect(labels).to.deep.equal(['A', 'B']);
    expect(files[0].path).to.equal('A/1.jpg');
    expect(notes).to.have.length(1);
    expect(notes[0]).to.include(root);
  });

  it('warns about ignored pictures beside the label folders', () => {
    writeTree(temporary(), {'A/1.jpg': '', 'B/1.jpg': '', 'stray.jpg': ''});
    const {ignored, notes} = scanDataset(temporary());
    expect(ignored).to.deep.equal(['stray.jpg']);
    expect(notes).to.deep.equal([`left out, for want of a label: 1 picture directly in ${temporary()}`]);
  });

  it('warns about labels that differ only in case', () => {
    writeTree(temporary(), {'Basmati/1.jpg': '', 'basmati /1.jpg': ''});
    expect(scanDataset(temporary()).notes.join()).to.include('"Basmati" and "basmati "');
  });

  it('keeps the split of folders train, val and test, whatever their spelling, and says so', () => {
    writeTree(temporary(), {
      'Train/A/1.jpg': '',
      'Train/B/deep/2.jpg': '',
      'valid/A/3.jpg': '',
      'test/B/4.jpg': '',
      'test/C/5.jpg': '',
      'test/stray.jpg': '',
    });
    const {labels, files, ignored, notes} = scanDataset(temporary());
    expect(labels).to.deep.equal(['A', 'B', 'C']);
    expect(files.map(({path, label, part}) => [path, label, part])).to.deep.equal([
      ['Train/A/1.jpg', 0, 'train'],
      ['valid/A/3.jpg', 0, 'validation'],
      ['Train/B/deep/2.jpg', 1, 'train'],
      ['test/B/4.jpg', 1, 'test'],
      ['test/C/5.jpg', 2, 'test'],
    ]);
    expect(ignored).to.deep.equal(['test/stray.jpg']);
    expect(notes.join()).to.include(`1 picture directly in ${join(temporary(), 'test')}`);
    expect(notes.join()).to.include('brings its own split, which is kept: Train, test, valid');
  });

  it('ends at links back to a folder above, follows other links, lists broken ones', function () {
    if (process.platform === 'win32') this.skip();
    writeTree(temporary(), {'set/A/1.jpg': '', 'set/B/': '', 'elsewhere/2.jpg': ''});
    symlinkSync(join(temporary(), 'set'), join(temporary(), 'set', 'A', 'up'));
    symlinkSync('.', join(temporary(), 'set', 'A', 'self'));
    symlinkSync(join(temporary(), 'elsewhere'), join(temporary(), 'set', 'B', 'linked'));
    symlinkSync(join(temporary(), 'elsewhere', '2.jpg'), join(temporary(), 'set', 'B', 'file.jpg'));
    symlinkSync('nowhere', join(temporary(), 'set', 'B', 'broken.jpg'));
    symlinkSync('circle.jpg', join(temporary(), 'set', 'B', 'circle.jpg'));
    const {files, ignored} = scanDataset(join(temporary(), 'set'));
    expect(files.map(({path}) => path)).to.deep.equal(['A/1.jpg', 'B/file.jpg', 'B/linked/2.jpg']);
    expect(ignored).to.deep.equal(['B/broken.jpg', 'B/circle.jpg']);
  });

  describe('rejects other layouts with the found and the expected layout:', () => {
    const layouts: [name: string, tree: Record<string, string>, message: RegExp, suggestion: RegExp][] = [
      [
        'pictures without folders',
        {'1.jpg': '', '2.jpg': ''},
        /contains 2 pictures, but no label folders/,
        /its parent folder/,
      ],
      [
        'train and test of one label',
        {'train/A/1.jpg': '', 'test/A/1.jpg': ''},
        /a single label, "A"/,
        /each other label/,
      ],
      [
        'test and valid alone',
        {'test/A/1.jpg': '', 'valid/B/1.jpg': ''},
        /divided into "test", "valid"/,
        /keep .* train/,
      ],
      ['an empty part', {'train/A/1.jpg': '', 'train/B/1.jpg': '', 'val/': ''}, /divided into/, /keep .* each with/],
      [
        'another folder beside a split',
        {'train/A/1.jpg': '', 'train/B/1.jpg': '', 'test/A/1.jpg': '', 'notes/x.txt': ''},
        /divided into "test", "train"/,
        /no other folder/,
      ],
      ['train/validation without labels', {'train/1.jpg': '', 'validation/1.jpg': ''}, /divided into/, /by content/],
      ['test beside labels', {'A/1.jpg': '', 'test/A/1.jpg': ''}, /divided into "test"/, /by content/],
      ['a single label', {'A/1.jpg': ''}, /a single label, "A"/, /each other label/],
      ['an empty label folder', {'A/1.jpg': '', 'B/': '', 'C/x.txt': ''}, /without pictures: "B", "C"/, /remove them/],
      ['empty folders only', {'A/': '', 'B/': ''}, /no folder in .* contains a picture: "A", "B"/, /DIR\/Label/],
      ['an empty folder', {'./': ''}, /is empty/, /DIR\/Label/],
      ['other files only', {'notes.txt': ''}, /only "notes.txt"/, /DIR\/Label/],
    ];
    for (const [name, tree, message, suggestion] of layouts) {
      it(name, () => {
        writeTree(temporary(), tree);
        const error = errorOf(temporary());
        expect(error.code).to.equal('DATASET_LAYOUT');
        expect(error.message)
          .to.match(message)
          .and.match(/expected one folder of pictures per label/);
        expect(error.suggestions.join('\n')).to.match(suggestion);
      });
    }

    it('a file, and an archive', () => {
      writeTree(temporary(), {'a.jpg': '', 'rice.zip': ''});
      expect(errorOf(join(temporary(), 'a.jpg'))).to.include({code: 'DATASET_LAYOUT'});
      expect(errorOf(join(temporary(), 'rice.zip')).suggestions[0]).to.include('Unpack');
    });

    it('a path that does not exist', () => {
      const error = errorOf(join(temporary(), 'none'));
      expect(error.code).to.equal('PATH_NOT_FOUND');
      expect(error.message).to.include(join(temporary(), 'none'));
    });

    it('a folder without read permission', function () {
      // Root may read everything.
      if (process.platform === 'win32' || process.getuid?.() === 0) this.skip();
      mkdirSync(join(temporary(), 'A'));
      chmodSync(join(temporary(), 'A'), 0);
      expect(errorOf(temporary())).to.include({code: 'PATH_NOT_READABLE'});
    });
  });

  it('does not treat a label as a part of a split only because of its name', () => {
    writeTree(temporary(), {'A/1.jpg': '', 'test/1.jpg': ''});
    expect(scanDataset(temporary()).labels).to.deep.equal(['A', 'test']);
  });

  it('accepts a single label if one is enough', () => {
    writeTree(temporary(), {'A/1.jpg': ''});
    expect(scanDataset(temporary(), {minimumLabels: 1}).labels).to.deep.equal(['A']);
  });
});
