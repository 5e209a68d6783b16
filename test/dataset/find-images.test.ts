import {mkdirSync, symlinkSync} from 'node:fs';
import {join, relative} from 'node:path';
import {expect} from 'chai';
import {findImages} from '../../src/dataset/find-images.ts';
import {RiceError} from '../../src/errors.ts';
import {useTemporaryFolder, writeTree} from './fixtures.ts';

describe('findImages', () => {
  const folder = useTemporaryFolder();
  beforeEach(() => {
    writeTree(folder(), {
      'b.jpg': 'x',
      'a.PNG': 'x',
      'notes.txt': 'x',
      '.hidden.jpg': 'x',
      'Thumbs.db': 'x',
      'inner/c.jpg': 'x',
      'inner/.ipynb_checkpoints/d.jpg': 'x',
      'inner/deep/e.tif': 'x',
    });
  });
  const find = (paths: string[], recursive = false) =>
    findImages(
      paths.map((path) => join(folder(), path)),
      recursive,
    ).map((path) => relative(folder(), path));
  const failure = (paths: string[], recursive = false) => {
    try {
      find(paths, recursive);
    } catch (error) {
      if (error instanceof RiceError) return error;
    }
    throw new Error('nothing was thrown');
  };

  it('takes the images of a folder by name, without droppings and other files', () => {
    expect(find(['.'])).to.deep.equal(['a.PNG', 'b.jpg']);
  });

  it('looks into folders of folders on request, and ends at links back', () => {
    symlinkSync(folder(), join(folder(), 'inner', 'loop'));
    expect(find(['.'], true)).to.deep.equal(['a.PNG', 'b.jpg', 'inner/c.jpg', 'inner/deep/e.tif']);
  });

  it('takes a named file whatever its name, in the order of the arguments', () => {
    expect(find(['notes.txt', 'inner', '.hidden.jpg'])).to.deep.equal(['notes.txt', 'inner/c.jpg', '.hidden.jpg']);
  });

  it('says what is missing and the way out', () => {
    expect(failure(['nothing.jpg']).code).to.equal('PATH_NOT_FOUND');
    mkdirSync(join(folder(), 'outer', 'inner'), {recursive: true});
    const empty = failure(['outer']);
    expect(empty.code).to.equal('NO_IMAGES');
    expect(empty.suggestions[0]).to.contain('--recursive');
    expect(failure(['outer'], true).suggestions.join()).not.to.contain('--recursive');
  });
});
