import {homedir} from 'node:os';
import {join, resolve} from 'node:path';
import {expect} from 'chai';
import type {RiceError} from '../../../src/common/errors.ts';
import {readDvcConfig} from '../../../src/fetching/versioning/dvc-config.ts';
import {useTemporaryFolder, writeTree} from '../../dataset/fixtures.ts';

describe('DVC settings', () => {
  const folder = useTemporaryFolder();
  const at = (...names: string[]) => join(folder(), ...names);

  /** Reads DVC's settings from a tree of files, in which `user` and `system` are optional. */
  function read(tree: Record<string, string>) {
    writeTree(folder(), tree);
    return readDvcConfig(at('project'), {DVC_GLOBAL_CONFIG_DIR: at('user'), DVC_SYSTEM_CONFIG_DIR: at('system')});
  }

  const project = (config: string) => read({'project/.dvc/config': config}).cacheDir;

  it('are empty without files', () => {
    expect(read({})).to.deep.equal({cacheDir: undefined, noScm: false});
    expect(project('')).to.equal(undefined);
  });

  // Each line was written by `dvc cache dir`, or tested with it.
  const lines: [string, string, string][] = [
    ['a path relative to the file', 'dir = ../../c d', 'c d'],
    ['quotes', `dir = "../../c, d#e 'x'"`, "c, d#e 'x'"],
    ['comments', 'dir = ../c#d', 'project/c'],
    ['a comment after quotes', 'Dir = "../c#d"  # other', 'project/c#d'],
    ['a quoted key', '"dir" = b ', 'project/.dvc/b'],
  ];
  for (const [what, line, path] of lines)
    it(`support ${what}`, () => {
      expect(
        project(`# mine\n[core]\n    remote = my   # inline\n['remote "my"']\n    dir = no\n[Cache]\n    ${line}\n`),
      ).to.equal(at(path));
    });

  it('support absolute paths, the home folder and Windows line ends', () => {
    expect(project(`[cache]\r\ndir = ${at('elsewhere')}  \r\n`)).to.equal(at('elsewhere'));
    expect(project('[cache]\ndir = ~/objects')).to.equal(join(homedir(), 'objects'));
  });

  it('override each other: system, user, project, local project', () => {
    const set = (dir: string) => `[cache]\ndir = ${resolve(folder(), dir)}\n`;
    const cacheDir = (tree: Record<string, string>) => read(tree).cacheDir;
    expect(cacheDir({'system/config': set('a')})).to.equal(at('a'));
    expect(cacheDir({'user/config': set('b')})).to.equal(at('b'));
    expect(cacheDir({'project/.dvc/config': set('c')})).to.equal(at('c'));
    expect(cacheDir({'project/.dvc/config.local': set('d')})).to.equal(at('d'));
  });

  it('may have anything about remotes', () => {
    expect(project(`['remote "my"']\npassword = '''a\n'''\n[cache]\ndir = ../x\n`)).to.equal(at('project', 'x'));
  });

  it('state whether git is ignored', () => {
    expect(read({'project/.dvc/config': '[core]\n    no_scm = True\n'}).noScm).to.equal(true);
    expect(read({'project/.dvc/config.local': '[core]\n    no_scm = false\n'}).noScm).to.equal(false);
  });

  it('are rejected if they are invalid or the cache is not a local folder, with the file and the reason', () => {
    const refusal = (config: string): RiceError => {
      try {
        project(config);
      } catch (error) {
        return error as RiceError;
      }
      throw new Error('nothing was thrown');
    };
    for (const [config, reason] of [
      ['[cache]\n dir: ../c', 'line 2'],
      ['[cache\ndir = x', 'line 1'],
      ['[cache]\ndir = "x', 'line 2'],
      ['[cache]\ndir = ssh://host/cache', 'on another machine'],
      ['[cache]\nlocal = my', 'cache.local'],
    ]) {
      expect(refusal(config)).to.include({code: 'DVC_UNUSABLE'});
      expect(refusal(config).message)
        .to.include(at('project', '.dvc', 'config'))
        .and.to.include(reason);
    }
  });
});
