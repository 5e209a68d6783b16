import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  linkSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {RiceError} from '../../../src/common/errors.ts';
import {workerFile} from '../../../src/common/package-root.ts';
import {hashBytes} from '../../../src/dataset/digest.ts';
import {type DvcOptions, type DvcResult, writeDvc} from '../../../src/fetching/versioning/write-dvc.ts';
import {useTemporaryFolder, writeTree} from '../../dataset/fixtures.ts';
import {makeGitRepository, useNoSettings} from './environment.ts';

/** The file that DVC 3.67 wrote for a folder with these files. */
const TREE: Record<string, string> = {'a/1.jpg': '1\n', 'a/2.jpg': '1\n', 'b/é 😀.jpg': '2\n'};
const DIGEST = '2d6acef9f06da3dc1047bb5ee668ddf4.dir';
const DVC_FILE = `outs:\n- md5: ${DIGEST}\n  size: 6\n  nfiles: 3\n  hash: md5\n  path: D\n`;
const OBJECTS: Record<string, string> = {
  'b0/26324c6904b2a9cb4b88d6d61c81d1': '1\n',
  '26/ab0db90d72e28ad0ba1e22ee510510': '2\n',
  '2d/6acef9f06da3dc1047bb5ee668ddf4.dir':
    '[{"md5": "b026324c6904b2a9cb4b88d6d61c81d1", "relpath": "a/1.jpg"}, ' +
    '{"md5": "b026324c6904b2a9cb4b88d6d61c81d1", "relpath": "a/2.jpg"}, ' +
    '{"md5": "26ab0db90d72e28ad0ba1e22ee510510", "relpath": "b/\\u00e9 \\ud83d\\ude00.jpg"}]',
};

describe('a dataset tracked with DVC', () => {
  const folder = useTemporaryFolder();
  useNoSettings(folder);
  const at = (...names: string[]) => join(folder(), ...names);

  function write(tree: Record<string, string> = TREE, options: Partial<DvcOptions> = {}): Promise<DvcResult> {
    return writeDvc({folder: at('data', 'D'), files: list(tree), ...options});
  }

  function list(tree: Record<string, string>): DvcOptions['files'] {
    return Object.entries(tree).map(([path, content]) => {
      const bytes = Buffer.from(content);
      return {path, md5: hashBytes(bytes).md5, bytes: bytes.length};
    });
  }

  function objects(cache = at('data', '.dvc', 'cache')): Record<string, string> {
    const place = join(cache, 'files', 'md5');
    const names = readdirSync(place, {recursive: true, encoding: 'utf8'}).filter((name) =>
      statSync(join(place, name)).isFile(),
    );
    return Object.fromEntries(
      names.map((name) => [name.replaceAll('\\', '/'), readFileSync(join(place, name), 'utf8')]),
    );
  }

  const object = (name: string) => at('data', '.dvc', 'cache', 'files', 'md5', ...name.split('/'));

  beforeEach(() => writeTree(at('data', 'D'), TREE));

  it('has the same .dvc file, objects and tree as with DVC itself', async () => {
    const {installed, ...result} = await write();
    expect(result).to.deep.equal({
      file: at('data', 'D.dvc'),
      cache: at('data', '.dvc', 'cache'),
      repository: at('data'),
      created: true,
      digest: DIGEST,
      others: [],
    });
    expect(readFileSync(at('data', 'D.dvc'), 'utf8')).to.equal(DVC_FILE);
    expect(objects()).to.deep.equal(OBJECTS);
    // Two files have the same content, so they share an object.
    expect(installed.kept).to.equal(1);
    expect(installed.reflink + installed.hardlink + installed.copy).to.equal(2);
    expect(readdirSync(at('data')).sort()).to.deep.equal(['.dvc', '.dvcignore', 'D', 'D.dvc']);
    expect(readdirSync(at('data', '.dvc', 'cache'))).to.deep.equal(['files']);
  });

  it('has read-only objects', async function () {
    if (process.platform === 'win32') this.skip();
    await write();
    for (const name of Object.keys(OBJECTS)) expect(statSync(object(name)).mode & 0o777, name).to.equal(0o444);
  });

  it('shares disk space with its objects, and a second file with the same content is not changed', async function () {
    const mode = statSync(at('data', 'D', 'a', '2.jpg')).mode;
    const {installed} = await write();
    if (installed.hardlink === 0) this.skip();
    const [first, second] = ['1.jpg', '2.jpg'].map((name) => statSync(at('data', 'D', 'a', name)));
    expect(first.ino).to.equal(statSync(object('b0/26324c6904b2a9cb4b88d6d61c81d1')).ino);
    expect(first.mode & 0o777).to.equal(0o444);
    expect(second.ino).not.to.equal(first.ino);
    expect(second.mode).to.equal(mode);
  });

  it('does not make files read-only that have other hard links, or are behind a link', async function () {
    if (process.platform === 'win32') this.skip();
    writeTree(folder(), {'mine/2.jpg': '2\n', 'mine/3/3.jpg': '3\n'});
    renameSync(at('data', 'D', 'b', 'é 😀.jpg'), at('elsewhere.jpg'));
    linkSync(at('elsewhere.jpg'), at('data', 'D', 'b', 'é 😀.jpg'));
    symlinkSync(at('mine', '3'), at('data', 'D', 'c'));
    symlinkSync(at('mine', '2.jpg'), at('data', 'D', 'b', '2.jpg'));
    await write({...TREE, 'b/2.jpg': '2\n', 'c/3.jpg': '3\n'});
    for (const path of ['elsewhere.jpg', 'mine/2.jpg', 'mine/3/3.jpg']) {
      appendFileSync(at(path), 'more');
      expect(statSync(at(path)).mode & 0o200, path).to.equal(0o200);
    }
    expect(Object.values(objects())).to.include.members(['1\n', '2\n', '3\n']);
  });

  it('writes its objects into the configured cache', async () => {
    writeTree(folder(), {'data/.dvc/config': '[core]\n    no_scm = True\n[cache]\n    dir = ../../shared\n'});
    expect(await write()).to.include({cache: at('shared'), created: false});
    expect(objects(at('shared'))).to.deep.equal(OBJECTS);
    expect(existsSync(at('data', '.dvc', 'cache'))).to.equal(false);
  });

  it('is added to .gitignore once', async () => {
    makeGitRepository(folder());
    writeTree(folder(), {'data/.gitignore': '/other'});
    await write();
    await write();
    expect(readFileSync(at('data', '.gitignore'), 'utf8')).to.equal('/other\n/D\n');
    expect(existsSync(at('.dvc', 'cache', 'files', 'md5', '2d'))).to.equal(true);
  });

  it('is added to .gitignore once without git', async () => {
    makeGitRepository(folder());
    const {PATH} = process.env;
    process.env.PATH = at('nothing');
    try {
      await write();
      await write();
    } finally {
      process.env.PATH = PATH;
    }
    expect(readFileSync(at('data', '.gitignore'), 'utf8')).to.equal('/D\n');
  });

  it('is not added if git already ignores it', async () => {
    makeGitRepository(folder());
    writeTree(folder(), {'.gitignore': '/data/D/\n'});
    await write();
    expect(existsSync(at('data', '.gitignore'))).to.equal(false);
  });

  it('is added with escaped special characters', async () => {
    makeGitRepository(folder());
    writeTree(at('data', 'D [1]!'), TREE);
    await writeDvc({folder: at('data', 'D [1]!'), files: list(TREE)});
    // Escaped like by pathspec, which DVC uses.
    expect(readFileSync(at('data', '.gitignore'), 'utf8')).to.equal('/D \\[1\\]\\!\n');
  });

  it('is not changed by a second run, nor are additions to the .dvc file', async () => {
    await write();
    appendFileSync(at('data', 'D.dvc'), '  desc: our rice\n');
    const {installed, created} = await write();
    expect(installed).to.deep.equal({reflink: 0, hardlink: 0, copy: 0, kept: 3});
    expect(created).to.equal(false);
    expect(readFileSync(at('data', 'D.dvc'), 'utf8')).to.equal(`${DVC_FILE}  desc: our rice\n`);
  });

  it('gets a new .dvc file if the folder has changed, and keeps the old objects', async () => {
    await write();
    writeFileSync(at('data', 'D', 'a', '3.jpg'), '3\n');
    await write({...TREE, 'a/3.jpg': '3\n'});
    expect(readFileSync(at('data', 'D.dvc'), 'utf8'))
      .to.include('nfiles: 4')
      .and.not.to.include(DIGEST);
    expect(objects()).to.include(OBJECTS);
  });

  it('replaces an incomplete object', async () => {
    for (const name of Object.keys(OBJECTS)) {
      writeTree(at('data', '.dvc', 'cache', 'files', 'md5'), {[name]: 'x'});
      chmodSync(object(name), 0o444);
    }
    await write();
    expect(objects()).to.deep.equal(OBJECTS);
  });

  it('is complete after a killed run and a second one', async () => {
    const tree = Object.fromEntries(Array.from({length: 300}, (_, i) => [`${i % 5}/${i}.jpg`, `picture ${i}`]));
    writeTree(at('data', 'many'), tree);
    writeFileSync(at('list.json'), JSON.stringify(list(tree)));
    const child = join(import.meta.dirname, 'write-dvc-child.ts');
    const {execArgv} = workerFile('dataset/cache/prepare-worker');
    const killed = spawn(process.execPath, [...execArgv, child, at('data', 'many'), at('list.json')]);
    const [message] = await once(killed.stdout, 'data');
    expect(String(message)).to.equal('progress 128\n');
    killed.kill('SIGKILL');
    await once(killed, 'close');
    expect(existsSync(at('data', 'many.dvc'))).to.equal(false);
    const {installed} = await writeDvc({folder: at('data', 'many'), files: list(tree)});
    expect(installed.kept).to.equal(128);
    expect(Object.values(objects())).to.include.members(Object.values(tree));
    expect(readdirSync(at('data', '.dvc', 'cache'))).to.deep.equal(['files']);
  });

  it('can be written by two processes at once', async () => {
    const tree = Object.fromEntries(Array.from({length: 300}, (_, i) => [`${i % 5}/${i}.jpg`, `picture ${i}`]));
    writeTree(at('data', 'D'), tree);
    const results = await Promise.all([write(tree), write(tree)]);
    expect(results[0].digest).to.equal(results[1].digest);
    expect(Object.values(objects())).to.have.length(301).and.to.include.members(Object.values(tree));
    expect(readdirSync(at('data')).sort()).to.deep.equal(['.dvc', '.dvcignore', 'D', 'D.dvc']);
  });

  it('reports its progress, and stops on an abort', async () => {
    const tree = Object.fromEntries(Array.from({length: 300}, (_, i) => [`${i}.jpg`, `picture ${i}`]));
    writeTree(at('data', 'D'), tree);
    const stopping = new AbortController();
    const seen: number[] = [];
    const onProgress = ({done, total}: {done: number; total: number}) => {
      expect(total).to.equal(300);
      seen.push(done);
      if (done > 200) stopping.abort(new Error('enough'));
    };
    expect(await failure(write(tree, {signal: stopping.signal, onProgress}))).to.include({message: 'enough'});
    expect(seen).to.deep.equal([128, 256]);
    expect(existsSync(at('data', 'D.dvc'))).to.equal(false);
    await write(tree, {onProgress: ({done}) => seen.push(done)});
    expect(seen.slice(2)).to.deep.equal([128, 256, 300]);
  });

  it('lists other files in the folder, because DVC includes them', async () => {
    writeTree(at('data', 'D'), {'.DS_Store': '', 'a/notes.txt': '', 'empty/': ''});
    expect((await write()).others).to.deep.equal(['.DS_Store', 'a/notes.txt']);
  });

  it('is rejected if a file has changed or is missing, or if there are no files', async () => {
    writeFileSync(at('data', 'D', 'a', '1.jpg'), 'longer');
    const error = await failure(write());
    expect(error).to.include({code: 'DVC_UNUSABLE'});
    expect(error.message).to.include(at('data', 'D', 'a', '1.jpg'));
    expect(await failure(write({'a/none.jpg': '1'}))).to.include({code: 'PATH_NOT_FOUND'});
    expect(await failure(write({}))).to.include({code: 'DVC_UNUSABLE'});
    expect(existsSync(at('data', 'D.dvc'))).to.equal(false);
  });

  it('names a path that cannot be written', async () => {
    writeTree(folder(), {'data/.dvc/cache': 'a file'});
    const error = await failure(write());
    expect(error).to.be.instanceOf(RiceError);
    expect(error.message).to.include(at('data', '.dvc', 'cache'));
  });
});

async function failure(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    () => new Error('nothing was thrown'),
    (error: Error) => error,
  );
}
