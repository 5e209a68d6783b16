import {mkdirSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {globFiles, isGlob} from '../../../src/prediction/sources/glob.ts';
import {useTemporaryFolder, writeTree} from '../../dataset/fixtures.ts';
import {collect, pathsOf} from '../collect.ts';

describe('a pattern', () => {
  const temporary = useTemporaryFolder();
  const matches = async (pattern: string) => {
    const paths = await pathsOf(globFiles(join(temporary(), pattern)));
    return paths.map((path) => path.slice(temporary().length + 1));
  };

  it('is recognized by its characters; a negated pattern (!) is not supported', () => {
    for (const pattern of ['*.jpg', 'a/**', 'a?.jpg', '{a,b}.jpg', 'a[0-9].jpg', 'x{1..3}.jpg'])
      expect(isGlob(pattern), pattern).to.equal(true);
    for (const path of ['a.jpg', 'a-b_c+d@e.jpg', '!*.jpg', 'ünï.jpg']) expect(isGlob(path), path).to.equal(false);
  });

  const tree = {'a.jpg': '', 'b.jpg': '', 'c.txt': '', 'in/d.jpg': '', 'in/deep/e.jpg': '', 'other/f.jpg': ''};
  const cases: [string, string[]][] = [
    ['*.jpg', ['a.jpg', 'b.jpg']],
    ['*', ['a.jpg', 'b.jpg', 'c.txt']],
    ['{b,a}.jpg', ['a.jpg', 'b.jpg']],
    ['[a-b].jpg', ['a.jpg', 'b.jpg']],
    ['?.txt', ['c.txt']],
    ['**/*.jpg', ['a.jpg', 'b.jpg', 'in/d.jpg', 'in/deep/e.jpg', 'other/f.jpg']],
    ['in/**', ['in/d.jpg', 'in/deep/e.jpg']],
    ['*/*.jpg', ['in/d.jpg', 'other/f.jpg']],
    ['*/deep/*.jpg', ['in/deep/e.jpg']],
    ['{in,other}/*.jpg', ['in/d.jpg', 'other/f.jpg']],
    ['{c.txt,in/deep/*}', ['c.txt', 'in/deep/e.jpg']],
    ['@(a|b).jpg', ['a.jpg', 'b.jpg']],
    ['*.png', []],
  ];
  for (const [pattern, expected] of cases)
    it(`${pattern} matches ${expected.join(', ') || 'nothing'}`, async () => {
      writeTree(temporary(), tree);
      mkdirSync(join(temporary(), 'folder.jpg'));
      expect(await matches(pattern)).to.deep.equal(expected);
    });

  it('finds hidden files only if it contains the dot', async () => {
    writeTree(temporary(), {'.a.jpg': '', 'b.jpg': '', '.in/c.jpg': '', 'in/.d.jpg': '', 'in/.e/f.jpg': ''});
    expect(await matches('*.jpg')).to.deep.equal(['b.jpg']);
    expect(await matches('**/*.jpg')).to.deep.equal(['b.jpg']);
    expect(await matches('.*.jpg')).to.deep.equal(['.a.jpg']);
    expect(await matches('.in/*.jpg')).to.deep.equal(['.in/c.jpg']);
    expect(await matches('**/.*.jpg')).to.deep.equal(['.a.jpg', 'in/.d.jpg']);
    expect(await matches('in/.e/*')).to.deep.equal(['in/.e/f.jpg']);
    expect(await matches('{.a,b}.jpg')).to.deep.equal(['.a.jpg', 'b.jpg']);
  });

  it('uses the path relative to its base folder as the key', async () => {
    writeTree(temporary(), tree);
    const keys = (await collect(globFiles(join(temporary(), 'in/**')))).map(({key}) => key);
    expect(keys).to.deep.equal(['d.jpg', 'deep/e.jpg']);
  });
});
