import {execFileSync, spawnSync} from 'node:child_process';
import {mkdirSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {gzipSync} from 'node:zlib';
import {expect} from 'chai';
import {byCodePoint} from '../../../src/common/code-point-order.ts';
import {locateLabels} from '../../../src/fetching/unpack/locate-labels.ts';
import {openContainer} from '../../../src/fetching/unpack/open-container.ts';
import {useTemporaryFolder, writeTree} from '../../dataset/fixtures.ts';
import {archiveEntries, BESIDE, DROPPINGS, PICTURES, WRAPPER} from '../../helpers/dataset-tree.ts';
import {writeTar} from '../../helpers/tar-writer.ts';
import {writeZip} from '../../helpers/zip-writer.ts';
import {extractAll, failureOf} from './unpack.ts';

const XZ_FIXTURE = join(import.meta.dirname, '../../fixtures/dataset.tar.xz');

const WRITERS: Record<string, (wrapper?: string) => Buffer> = {
  zip: (wrapper) => writeZip(archiveEntries(wrapper)),
  tar: (wrapper) => writeTar(archiveEntries(wrapper).map((entry) => ({...entry, long: 'pax' as const}))),
  'tar.gz': (wrapper) => gzipSync(writeTar(archiveEntries(wrapper).map((entry) => ({...entry, long: 'gnu' as const})))),
};

describe('openContainer', () => {
  const temporary = useTemporaryFolder();

  function write(name: string, bytes: Uint8Array): string {
    writeFileSync(join(temporary(), name), bytes);
    return join(temporary(), name);
  }

  for (const [kind, writer] of Object.entries(WRITERS))
    it(`finds the same files in the same order in a ${kind}, inside any wrapper folders`, async () => {
      for (const wrapper of ['', 'Rice_Image_Dataset', WRAPPER, 'a/b/c/d']) {
        const texts = await extractAll(write('set', writer(wrapper)));
        expect(texts, wrapper).to.deep.equal(PICTURES);
        expect(Object.keys(texts), wrapper).to.deep.equal(Object.keys(PICTURES));
      }
    });

  it('finds the same files in a tar.xz that another program compressed', async () => {
    expect(Object.entries(await extractAll(XZ_FIXTURE))).to.deep.equal(Object.entries(PICTURES));
  });

  it('finds the same files in a folder', async () => {
    writeTree(join(temporary(), WRAPPER), {...PICTURES, ...BESIDE, ...DROPPINGS});
    expect(Object.entries(await extractAll(temporary()))).to.deep.equal(Object.entries(PICTURES));
  });

  it('finds the same sizes, labels, wrapper and other files in all kinds', async () => {
    writeTree(join(temporary(), 'folder', WRAPPER), {...PICTURES, ...BESIDE, ...DROPPINGS});
    const archives = Object.entries(WRITERS).map(([kind, writer]) => write(kind, writer()));
    for (const path of [...archives, XZ_FIXTURE, join(temporary(), 'folder')]) {
      const {files, labels, wrapper, ignored} = locateLabels(await openContainer(path));
      expect(files.map(({bytes}) => bytes)).to.deep.equal(
        Object.values(PICTURES).map((text) => Buffer.byteLength(text)),
      );
      expect(files.map(({label}) => label)).to.deep.equal(Object.keys(PICTURES).map((name) => name.split('/')[0]));
      expect(labels).to.deep.equal([...new Set(files.map(({label}) => label))].sort(byCodePoint));
      expect({wrapper, ignored}).to.deep.equal({wrapper: WRAPPER, ignored: Object.keys(BESIDE)});
    }
  });

  it('recognizes an archive by its bytes, whatever its name', async () => {
    expect(await extractAll(write('set.rar', WRITERS.zip()))).to.deep.equal(PICTURES);
    expect(await extractAll(write('set.zip', WRITERS['tar.gz']()))).to.deep.equal(PICTURES);
  });

  describe('with archives of other programs', () => {
    let folder = '';
    beforeEach(() => {
      folder = join(temporary(), 'packed');
      writeTree(join(folder, WRAPPER), {...PICTURES, ...BESIDE, ...DROPPINGS});
    });

    const COMMANDS: Record<string, [program: string, args: string[]]> = {
      'zip -r': ['zip', ['-q', '-r', '../made', '.']],
      'zip -0': ['zip', ['-q', '-r', '-0', '../made', '.']],
      'zip to a pipe': ['sh', ['-c', 'zip -q -r - . | cat > ../made.zip']],
      'tar --format=gnu': ['tar', ['-c', '--format=gnu', '-f', '../made.zip', '.']],
      'tar --format=pax': ['tar', ['-c', '--format=pax', '-f', '../made.zip', 'archive']],
      'tar -z': ['tar', ['-c', '-z', '-f', '../made.zip', 'archive']],
      'tar -J': ['tar', ['-c', '-J', '-f', '../made.zip', 'archive']],
      'tar | xz of several blocks': ['sh', ['-c', 'tar -c . | xz --block-size=4096 --check=crc32 > ../made.zip']],
    };
    for (const [how, [program, args]] of Object.entries(COMMANDS))
      it(`${how} (skipped if it is missing)`, async function () {
        const needed = program === 'sh' ? how.replace(/.* \| /, '').split(' ')[0] : program;
        if ([needed, ...(how === 'tar -J' ? ['xz'] : [])].some((name) => spawnSync(name, ['--version']).error))
          this.skip();
        execFileSync(program, args, {cwd: folder});
        expect(await extractAll(join(temporary(), 'made.zip'))).to.deep.equal(PICTURES);
      });
  });

  it('follows the links in a folder, but not in a loop', async function () {
    if (process.platform === 'win32') this.skip();
    writeTree(join(temporary(), 'elsewhere'), {'1.jpg': 'one'});
    mkdirSync(join(temporary(), 'set', 'A'), {recursive: true});
    symlinkSync(join(temporary(), 'elsewhere', '1.jpg'), join(temporary(), 'set', 'A', 'a.jpg'));
    symlinkSync(join(temporary(), 'elsewhere'), join(temporary(), 'set', 'B'));
    symlinkSync('..', join(temporary(), 'set', 'A', 'back'));
    symlinkSync('nowhere.jpg', join(temporary(), 'set', 'A', 'broken.jpg'));
    expect(await extractAll(join(temporary(), 'set'))).to.deep.equal({'A/a.jpg': 'one', 'B/1.jpg': 'one'});
  });

  it('reports a missing path', async () => {
    expect(await failureOf(extractAll(join(temporary(), 'none.zip')))).to.include({code: 'PATH_NOT_FOUND'});
  });

  it('stops on request', async () => {
    const reason = new Error('enough');
    for (const [kind, writer] of Object.entries(WRITERS)) {
      const opened = openContainer(write(kind, writer()), {signal: AbortSignal.abort(reason)});
      expect(await opened.catch((error: unknown) => error), kind).to.equal(reason);
    }
  });
});
