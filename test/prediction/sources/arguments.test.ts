import {mkdirSync, symlinkSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {PORTION} from '../../../src/prediction/picture.ts';
import {picturesOf, type SourceOptions} from '../../../src/prediction/sources/arguments.ts';
import {countPictures} from '../../../src/prediction/sources/count.ts';
import {useTemporaryFolder, writeTree} from '../../dataset/fixtures.ts';
import {collect, pathsOf, thrownBy} from '../collect.ts';

const PLAIN: SourceOptions = {recursive: false, allowUrls: false};

describe('arguments', () => {
  const temporary = useTemporaryFolder();
  const at = (name: string) => join(temporary(), name);
  const short = (paths: string[]) => paths.map((path) => path.replaceAll(`${temporary()}/`, ''));
  const found = async (names: string[], options: Partial<SourceOptions> = {}) =>
    short(await pathsOf(picturesOf(names.map(at), {...PLAIN, ...options})));
  const refused = (names: string[], options: Partial<SourceOptions> = {}) =>
    thrownBy(() => picturesOf(names, {...PLAIN, ...options})) as {code: string; message: string; suggestions: string[]};

  it('give pictures in order, twice if they are named twice', async () => {
    writeTree(temporary(), {'b.jpg': '', 'in/c.jpg': '', 'in/a.jpg': '', 'in/deep/d.jpg': '', 'text.txt': ''});
    expect(await found(['text.txt', 'in', 'b.jpg', 'in/*.jpg', 'b.jpg'])).to.deep.equal([
      'text.txt',
      'in/a.jpg',
      'in/c.jpg',
      'b.jpg',
      'in/a.jpg',
      'in/c.jpg',
      'b.jpg',
    ]);
    expect(await found(['in'], {recursive: true})).to.deep.equal(['in/a.jpg', 'in/c.jpg', 'in/deep/d.jpg']);
  });

  it('treat an existing file as a file even if its name looks like a pattern', async () => {
    writeTree(temporary(), {'a[1].jpg': '', 'a1.jpg': '', 'IMG (2).jpg': '', '*.jpg': '', 'd[1]/x.jpg': '', '{x}': ''});
    for (const name of ['a[1].jpg', 'IMG (2).jpg', '*.jpg', '{x}']) expect(await found([name])).to.deep.equal([name]);
    expect(await found(['d[1]'])).to.deep.equal(['d[1]/x.jpg']);
  });

  it('give portions of many files, not of one', async () => {
    const names = Array.from({length: PORTION + 2}, (_, i) => `${i}.jpg`);
    writeTree(temporary(), Object.fromEntries(['in/a.jpg', ...names].map((name) => [name, ''])));
    const sizes: number[] = [];
    for await (const portion of picturesOf([...names, 'in', '0.jpg'].map(at), PLAIN)) sizes.push(portion.length);
    expect(sizes).to.deep.equal([PORTION, 2, 1, 1]);
    expect(await countPictures(picturesOf(names.map(at), PLAIN))).to.equal(PORTION + 2);
  });

  it('can be counted only in part', async () => {
    writeTree(temporary(), {'a.jpg': ''});
    expect(await countPictures(picturesOf([at('a.jpg')], PLAIN), AbortSignal.abort())).to.equal(undefined);
  });

  it('are rejected at once if one has no pictures', () => {
    writeTree(temporary(), {'a.jpg': '', 'nothing/notes.txt': '', 'outer/in/b.jpg': '', 'empty/': ''});
    expect(refused([]).code).to.equal('USAGE');
    expect(refused(['']).code).to.equal('USAGE');
    expect(refused([at('a.jpg'), at('gone.jpg')])).to.include({code: 'PATH_NOT_FOUND'});
    expect(refused([at('a.jpg'), at('empty')])).to.include({code: 'NO_IMAGES'});
    expect(refused([at('nothing')]).message).to.match(/contains no pictures, only other files such as notes\.txt$/);
    expect(refused([at('outer')]).suggestions[0]).to.contain('--recursive');
    expect(refused([at('*.png')])).to.include({code: 'NO_IMAGES', message: `no file matches ${at('*.png')}`});
    expect(refused([at('gone/*.jpg')])).to.include({code: 'PATH_NOT_FOUND'});
    expect(refused([at('a.jpg/*.jpg')]).code).to.be.oneOf(['PATH_NOT_FOUND', 'PATH_NOT_READABLE']);
    expect(refused([at('a.jpg/b.jpg')]).code).to.equal('PATH_NOT_FOUND');
    expect(refused(['x'.repeat(5000)]).code).to.equal('PATH_NOT_READABLE');
    expect(refused(['a\0b']).code).to.equal('PATH_NOT_READABLE');
  });

  it('are rejected if standard input is named twice', () => {
    expect(refused(['-', '-']).message).to.match(/more than once$/);
    expect(refused(['-'], {filesFrom: '-'}).message).to.match(/more than once$/);
  });

  it('fetch URLs only if allowed', async () => {
    expect(refused(['http://127.0.0.1/x.jpg']).suggestions[0]).to.contain('--allow-urls');
    const [picture] = await collect(picturesOf(['http://127.0.0.1:1/x.jpg'], {...PLAIN, allowUrls: true}));
    const failure = await picture.read!().catch((error) => error);
    expect(failure).to.have.property('code', 'DOWNLOAD_FAILED');
  });

  it('report a broken link', function () {
    if (process.platform === 'win32') this.skip();
    symlinkSync('nowhere.jpg', at('link.jpg'));
    expect(refused([at('link.jpg')]).message).to.match(/is a link to nowhere\.jpg, which does not exist$/);
  });

  describe('in a list', () => {
    const listed = async (lines: string[], options: Partial<SourceOptions> = {}) => {
      writeTree(temporary(), {list: lines.join('\n')});
      return short(await pathsOf(picturesOf([], {...PLAIN, filesFrom: at('list'), ...options})));
    };

    it('come after the others, in order', async () => {
      writeTree(temporary(), {'a.jpg': '', 'in/b.jpg': '', 'in/deep/c.jpg': '', 'd.jpg': ''});
      const lines = ['d.jpg', 'in', 'a.jpg'].map(at);
      expect(await listed(lines)).to.deep.equal(['d.jpg', 'in/b.jpg', 'a.jpg']);
      expect(await listed(lines, {recursive: true})).to.deep.equal(['d.jpg', 'in/b.jpg', 'in/deep/c.jpg', 'a.jpg']);
      expect(short(await pathsOf(picturesOf([at('a.jpg')], {...PLAIN, filesFrom: at('list')})))[0]).to.equal('a.jpg');
    });

    it('may be in quotes and separate folders by backslashes, as Windows writes them', async () => {
      writeTree(temporary(), {'a.jpg': '', 'in/b.jpg': '', 'in/deep/c.jpg': ''});
      const lines = [`"${at('a.jpg')}"`, at('in').concat('\\deep\\c.jpg'), `"${at('in')}\\b.jpg"`, `"${at('in')}"`];
      expect(await listed(lines)).to.deep.equal(['a.jpg', 'in/deep/c.jpg', 'in/b.jpg', 'in/b.jpg']);
    });

    it('are what they are where there is a file of that very name', async function () {
      if (process.platform === 'win32') this.skip();
      writeTree(temporary(), {'a.jpg': '', '"a.jpg"': '', 'in\\b.jpg': '', 'in/b.jpg': ''});
      expect(await listed([at('"a.jpg"'), at('in\\b.jpg')])).to.deep.equal(['"a.jpg"', 'in\\b.jpg']);
    });

    it('fail by themselves, and are not patterns', async () => {
      mkdirSync(at('empty'));
      const lines = [at('gone.jpg'), at('empty'), at('*.jpg'), 'http://127.0.0.1/x.jpg', '-', 'z'.repeat(5000)];
      const paths = await listed(['first.jpg', ...lines]);
      expect(paths.slice(0, 6)).to.deep.equal([
        'first.jpg',
        'gone.jpg',
        'empty: NO_IMAGES',
        '*.jpg',
        'http://127.0.0.1/x.jpg: USAGE',
        './-',
      ]);
      expect(paths[6]).to.match(/^z+: PATH_NOT_READABLE$/);
    });

    it('may be missing', async () => {
      expect(await listed([])).to.deep.equal([]);
    });

    it('are rejected if the list is a folder or missing', () => {
      expect(refused([], {filesFrom: at('gone')}).code).to.equal('PATH_NOT_FOUND');
      expect(refused([], {filesFrom: temporary()}).message).to.match(/is a folder, not a list of paths$/);
    });
  });
});
