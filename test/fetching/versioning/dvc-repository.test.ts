import {existsSync, mkdirSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {RiceError} from '../../../src/common/errors.ts';
import {
  type DvcRepository,
  locateDvcRepository,
  makeDvcRepository,
} from '../../../src/fetching/versioning/dvc-repository.ts';
import {useTemporaryFolder, writeTree} from '../../dataset/fixtures.ts';
import {makeGitRepository, useNoSettings} from './environment.ts';

describe('the DVC repository of a dataset', () => {
  const folder = useTemporaryFolder();
  useNoSettings(folder);
  const at = (...names: string[]) => join(folder(), ...names);

  function locate(path: string): DvcRepository {
    return locateDvcRepository(at(path));
  }

  function refusal(path: string): RiceError {
    try {
      locate(path);
    } catch (error) {
      if (error instanceof RiceError) return error;
      throw error;
    }
    throw new Error('nothing was thrown');
  }

  it('is the nearest one around it', () => {
    writeTree(folder(), {'.dvc/config': '', 'a/.dvc/config': '[core]\n    no_scm = True\n', 'a/b/': ''});
    const expected = {root: at('a'), cache: at('a', '.dvc', 'cache'), git: undefined, exists: true};
    expect(locate('a/b/Rice')).to.deep.equal(expected);
    expect(locate('other/Rice')).to.include({root: folder(), exists: true});
  });

  it('has the configured cache', () => {
    writeTree(folder(), {'.dvc/config': '[cache]\n    dir = ../shared\n'});
    expect(locate('data/Rice').cache).to.equal(at('shared'));
  });

  it('is planned in the top folder of the git repository', () => {
    makeGitRepository(at('project'));
    const expected = {root: at('project'), cache: at('project', '.dvc', 'cache'), git: at('project'), exists: false};
    expect(locate('project/data/Rice')).to.deep.equal(expected);
    expect(existsSync(at('project', '.dvc'))).to.equal(false);
  });

  it('is planned beside the dataset outside of git', () => {
    expect(locate('data/Rice')).to.include({root: at('data'), git: undefined, exists: false});
  });

  it('is created like dvc init creates it, in git and outside', () => {
    makeGitRepository(at('project'));
    for (const path of ['project/data/Rice', 'data/Rice']) makeDvcRepository(locate(path));
    // As DVC 3.67 wrote it.
    const ignored =
      '# Add patterns of files dvc should ignore, which could improve\n# the performance. Learn more at\n' +
      '# https://dvc.org/doc/user-guide/dvcignore\n';
    const files = (root: string) =>
      Object.fromEntries(
        readdirSync(at(root, '.dvc')).map((name) => [name, readFileSync(at(root, '.dvc', name), 'utf8')]),
      );
    expect(files('project')).to.deep.equal({config: '', '.gitignore': '/config.local\n/tmp\n/cache\n'});
    expect(files('data')).to.deep.equal({config: '[core]\n    no_scm = True\n'});
    for (const root of ['project', 'data']) expect(readFileSync(at(root, '.dvcignore'), 'utf8')).to.equal(ignored);
    expect(readdirSync(at('data')).sort()).to.deep.equal(['.dvc', '.dvcignore']);
  });

  it('is not changed if it exists, even if another process has just created it', () => {
    const planned = locate('data/Rice');
    writeTree(folder(), {'data/.dvc/config': '[core]\n    no_scm = 1\n', 'data/.dvcignore': '*.tmp\n'});
    makeDvcRepository(planned);
    makeDvcRepository(locate('data/Rice'));
    expect(readFileSync(at('data', '.dvc', 'config'), 'utf8')).to.equal('[core]\n    no_scm = 1\n');
    expect(readFileSync(at('data', '.dvcignore'), 'utf8')).to.equal('*.tmp\n');
    expect(readdirSync(at('data')).sort()).to.deep.equal(['.dvc', '.dvcignore']);
  });

  it('is rejected if git would ignore the .dvc file, with a command to find the reason', () => {
    makeGitRepository(folder());
    writeTree(folder(), {'.gitignore': 'data/\n'});
    mkdirSync(at('data'));
    const error = refusal('data/Rice');
    expect(error).to.include({code: 'DVC_UNUSABLE'});
    expect(error.message).to.include(at('data', 'Rice.dvc'));
    expect(error.suggestions[0]).to.include('git check-ignore -v Rice.dvc');
    // If DVC ignores git, the .gitignore does not matter.
    writeTree(folder(), {'.dvc/config': '[core]\n    no_scm = true\n'});
    expect(locate('data/Rice')).to.include({git: undefined});
  });

  it('is rejected if the dataset is itself a repository, or the root of the disk', () => {
    writeTree(folder(), {'Rice/.dvc/config': ''});
    expect(refusal('Rice')).to.include({code: 'DVC_UNUSABLE'});
    expect(() => locateDvcRepository('/'))
      .to.throw(RiceError)
      .with.property('code', 'DVC_UNUSABLE');
  });
});
