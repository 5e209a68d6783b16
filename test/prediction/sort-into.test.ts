import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {isRegularFile, realFolder, SortingFolder, type SortMode} from '../../src/prediction/sort-into.ts';
import {useTemporaryFolder, writeTree} from '../dataset/fixtures.ts';
import {thrownBy} from './collect.ts';

const LABELS = ['Red', 'Blue'];

describe('a sorting folder', () => {
  const temporary = useTemporaryFolder();
  const at = (...names: string[]) => join(temporary(), ...names);
  const open = (mode: SortMode, labels = LABELS) => new SortingFolder(at('sorted'), mode, labels);
  const place = (folder: SortingFolder, file: string, label = 'Red') => {
    const target = folder.place(at(file), label);
    return target.slice(realpathSync(at('sorted')).length + 1);
  };
  const content = (...names: string[]) => readFileSync(at('sorted', ...names), 'utf8');
  const names = (...folder: string[]) => readdirSync(at('sorted', ...folder)).sort();

  it('copies, and keeps the original', () => {
    writeTree(temporary(), {'a.jpg': 'a'});
    expect(place(open('copy'), 'a.jpg')).to.equal(join('Red', 'a.jpg'));
    expect([content('Red', 'a.jpg'), readFileSync(at('a.jpg'), 'utf8')]).to.deep.equal(['a', 'a']);
    expect(statSync(at('a.jpg')).ino).not.to.equal(statSync(at('sorted', 'Red', 'a.jpg')).ino);
  });

  it('moves', () => {
    writeTree(temporary(), {'a.jpg': 'a'});
    expect(place(open('move'), 'a.jpg')).to.equal(join('Red', 'a.jpg'));
    expect([content('Red', 'a.jpg'), existsSync(at('a.jpg'))]).to.deep.equal(['a', false]);
  });

  it('links', () => {
    writeTree(temporary(), {'a.jpg': 'a'});
    expect(place(open('link'), 'a.jpg')).to.equal(join('Red', 'a.jpg'));
    expect(statSync(at('a.jpg')).ino).to.equal(statSync(at('sorted', 'Red', 'a.jpg')).ino);
  });

  for (const mode of ['copy', 'move', 'link'] as const) {
    it(`overwrites nothing: ${mode}`, () => {
      writeTree(temporary(), {'1/a.b.jpg': '1', '2/a.b.jpg': '2', '3/a.b.jpg': '3', '4/none': '4', '5/none': '5'});
      writeTree(at('sorted', 'Red'), {'a.b.jpg/': ''});
      const folder = open(mode);
      expect(['1', '2', '3'].map((number) => place(folder, join(number, 'a.b.jpg')))).to.deep.equal(
        ['a.b-2.jpg', 'a.b-3.jpg', 'a.b-4.jpg'].map((name) => join('Red', name)),
      );
      expect(['4', '5'].map((number) => place(folder, join(number, 'none')))).to.deep.equal(
        ['none', 'none-2'].map((name) => join('Red', name)),
      );
      expect([content('Red', 'a.b-2.jpg'), content('Red', 'a.b-3.jpg'), content('Red', 'none-2')]).to.deep.equal([
        '1',
        '2',
        '5',
      ]);
      expect(names('Red')).to.have.length(6);
    });
  }

  for (const mode of ['copy', 'link'] as const)
    it(`does nothing a second time: ${mode}`, () => {
      writeTree(temporary(), {'a.jpg': 'a', 'in/a.jpg': 'other', 'same/a.jpg': 'a'});
      for (let run = 0; run < 2; run++) {
        const folder = open(mode);
        expect(place(folder, 'a.jpg')).to.equal(join('Red', 'a.jpg'));
        expect(place(folder, join('in', 'a.jpg'))).to.equal(join('Red', 'a-2.jpg'));
        expect(place(folder, join('same', 'a.jpg'))).to.equal(join('Red', 'a.jpg'));
      }
      expect(names('Red')).to.deep.equal(['a-2.jpg', 'a.jpg']);
    });

  it('moves both of two pictures with the same bytes: none is deleted', () => {
    writeTree(temporary(), {'1/a.jpg': 'a', '2/a.jpg': 'a'});
    const folder = open('move');
    expect(place(folder, join('1', 'a.jpg'))).to.equal(join('Red', 'a.jpg'));
    expect(place(folder, join('2', 'a.jpg'))).to.equal(join('Red', 'a-2.jpg'));
  });

  it('finishes a move that was interrupted between creating the new name and removing the old one', () => {
    writeTree(temporary(), {'a.jpg': 'a', 'sorted/Red/': ''});
    linkSync(at('a.jpg'), at('sorted', 'Red', 'a.jpg'));
    expect(place(open('move'), 'a.jpg')).to.equal(join('Red', 'a.jpg'));
    expect([existsSync(at('a.jpg')), names('Red')]).to.deep.equal([false, ['a.jpg']]);
  });

  it('names a folder that nothing can be moved out of, before anything is moved', function () {
    // Root may do everything.
    if (process.getuid === undefined || process.getuid() === 0) this.skip();
    writeTree(temporary(), {'shut/a.jpg': 'a'});
    chmodSync(at('shut'), 0o555);
    const error = thrownBy(() => open('move').place(at('shut', 'a.jpg'), 'Red'));
    chmodSync(at('shut'), 0o755);
    expect(error).to.include({code: 'PATH_NOT_WRITABLE'});
    expect((error as Error).message).to.include(`cannot move pictures out of ${at('shut')}: `);
    expect([readdirSync(at('shut')), names()]).to.deep.equal([['a.jpg'], []]);
  });

  for (const mode of ['copy', 'move', 'link'] as const)
    it(`does not touch a picture that is already in its folder: ${mode}`, () => {
      writeTree(at('sorted'), {'Red/a.jpg': 'a'});
      expect(place(open(mode), join('sorted', 'Red', 'a.jpg'))).to.equal(join('Red', 'a.jpg'));
      expect(names('Red')).to.deep.equal(['a.jpg']);
    });

  it('moves a picture from one of its folders to another', () => {
    writeTree(at('sorted'), {'Blue/a.jpg': 'a'});
    expect(place(open('move'), join('sorted', 'Blue', 'a.jpg'))).to.equal(join('Red', 'a.jpg'));
    expect([names('Red'), names('Blue')]).to.deep.equal([['a.jpg'], []]);
  });

  it('rejects labels that lead out of the folder, before anything is created', () => {
    const hostile = ['../../x', '..', '.', '', '/etc', 'a/b', 'a\\b', 'C:', 'a\nb', 'a\0', 'x.', 'x ', 'a*'];
    for (const label of hostile) {
      expect(
        thrownBy(() => open('copy', ['Red', label])),
        label,
      ).to.have.property('code', 'PATH_NOT_WRITABLE');
      expect(existsSync(at('sorted'))).to.equal(false);
    }
    writeTree(temporary(), {'a.jpg': 'a'});
    const folder = open('move');
    for (const label of hostile)
      expect(
        thrownBy(() => folder.place(at('a.jpg'), label)),
        label,
      ).to.have.property('code', 'PATH_NOT_WRITABLE');
    expect(readdirSync(temporary()).sort()).to.deep.equal(['a.jpg', 'sorted']);
    for (const label of ['..x', 'Basmati (long)', 'jázmin', '-rf'])
      folder.place(at('a.jpg'), label) && writeFileSync(at('a.jpg'), 'a');
    expect(names()).to.have.length(4);
  });

  it('names a picture that was deleted, and not the folder', () => {
    for (const mode of ['copy', 'move', 'link'] as const)
      expect(thrownBy(() => open(mode).place(at('gone.jpg'), 'Red'))).to.include({
        code: 'PATH_NOT_FOUND',
        message: `${at('gone.jpg')} does not exist`,
      });
    expect(names('Red')).to.deep.equal([]);
  });

  it('names a folder that was deleted', () => {
    writeTree(temporary(), {'a.jpg': 'a'});
    const folder = open('move');
    place(folder, 'a.jpg');
    writeTree(temporary(), {'a.jpg': 'a'});
    rmSync(at('sorted', 'Red'), {recursive: true});
    expect(thrownBy(() => folder.place(at('a.jpg'), 'Red')))
      .to.have.property('message')
      .that.matches(/sorted.Red does not exist$/);
    expect(existsSync(at('a.jpg'))).to.equal(true);
  });

  it('cannot have the path of a file', () => {
    writeTree(temporary(), {sorted: 'x'});
    expect(thrownBy(() => open('copy'))).to.have.property('code', 'PATH_NOT_WRITABLE');
    expect(thrownBy(() => new SortingFolder(at('sorted', 'in'), 'copy', LABELS))).to.have.property('code');
  });

  it('fails for a label whose folder is a file, and keeps the picture', () => {
    writeTree(temporary(), {'sorted/Red': 'x', 'a.jpg': 'a'});
    expect(thrownBy(() => open('move').place(at('a.jpg'), 'Red'))).to.have.property('code', 'PATH_NOT_WRITABLE');
    expect(existsSync(at('a.jpg'))).to.equal(true);
  });

  it('leaves nothing incomplete behind if the name is too long', () => {
    const long = `${'x'.repeat(251)}.jpg`;
    writeTree(temporary(), {[`1/${long}`]: '1', [`2/${long}`]: '2'});
    const folder = open('copy');
    expect(place(folder, join('1', long))).to.equal(join('Red', long));
    expect(thrownBy(() => folder.place(at('2', long), 'Red'))).to.have.property('code', 'PATH_NOT_WRITABLE');
    expect(names('Red')).to.deep.equal([long]);
  });

  describe('with links and permissions', () => {
    before(function () {
      if (process.platform === 'win32') this.skip();
    });

    it('copies the target of a link, with the name of the link', () => {
      writeTree(temporary(), {'real.jpg': 'a'});
      symlinkSync('real.jpg', at('a.jpg'));
      expect(place(open('copy'), 'a.jpg')).to.equal(join('Red', 'a.jpg'));
      expect(lstatSync(at('sorted', 'Red', 'a.jpg')).isFile()).to.equal(true);
      expect(place(open('link'), 'a.jpg', 'Blue')).to.equal(join('Blue', 'a.jpg'));
      expect(lstatSync(at('sorted', 'Blue', 'a.jpg')).isFile()).to.equal(true);
    });

    it('moves a link by copying its target, which stays', () => {
      writeTree(temporary(), {'real.jpg': 'a'});
      symlinkSync('real.jpg', at('a.jpg'));
      expect(place(open('move'), 'a.jpg')).to.equal(join('Red', 'a.jpg'));
      expect(lstatSync(at('sorted', 'Red', 'a.jpg')).isFile()).to.equal(true);
      expect(readFileSync(at('real.jpg'), 'utf8')).to.equal('a');
      expect(existsSync(at('a.jpg'))).to.equal(false);
    });

    it('treats the name of a broken link as taken', () => {
      writeTree(temporary(), {'a.jpg': 'a', 'sorted/Red/': ''});
      symlinkSync('nowhere', at('sorted', 'Red', 'a.jpg'));
      expect(place(open('copy'), 'a.jpg')).to.equal(join('Red', 'a-2.jpg'));
      expect(existsSync(at('sorted', 'Red', 'nowhere'))).to.equal(false);
    });

    it('copies read-only files', () => {
      writeTree(temporary(), {'a.jpg': 'a'});
      chmodSync(at('a.jpg'), 0o400);
      expect(place(open('copy'), 'a.jpg')).to.equal(join('Red', 'a.jpg'));
      expect(names('Red')).to.deep.equal(['a.jpg']);
    });

    it('must be writable', function () {
      if (process.getuid?.() === 0) this.skip();
      mkdirSync(at('sorted'));
      chmodSync(at('sorted'), 0o500);
      expect(thrownBy(() => open('copy'))).to.have.property('code', 'PATH_NOT_WRITABLE');
    });

    it('has a real path before it exists', () => {
      writeTree(temporary(), {'real/': ''});
      symlinkSync('real', at('link'));
      const real = realpathSync(at('real'));
      expect(realFolder(at('link'))).to.equal(real);
      expect(realFolder(at('link', 'not', 'yet'))).to.equal(join(real, 'not', 'yet'));
      symlinkSync('circle', at('circle'));
      expect(thrownBy(() => realFolder(at('circle')))).to.have.property('code', 'PATH_NOT_WRITABLE');
    });

    it('takes only regular files', () => {
      writeTree(temporary(), {'a.jpg': 'a'});
      expect([at('a.jpg'), temporary(), '/dev/null', at('gone')].map(isRegularFile)).to.deep.equal([
        true,
        false,
        false,
        true,
      ]);
    });
  });
});
