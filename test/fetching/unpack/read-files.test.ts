import {execFileSync, spawnSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {gzipSync} from 'node:zlib';
import {expect} from 'chai';
import {anyThreadBusy} from '../../../src/common/worker-pool.ts';
import {locateLabels} from '../../../src/fetching/unpack/locate-labels.ts';
import {openContainer} from '../../../src/fetching/unpack/open-container.ts';
import {readFiles} from '../../../src/fetching/unpack/read-files.ts';
import {useTemporaryFolder, writeTree} from '../../dataset/fixtures.ts';
import {archiveEntries, PICTURES} from '../../helpers/dataset-tree.ts';
import {drawGrain, encodeJpeg} from '../../helpers/images.ts';
import {writeTar} from '../../helpers/tar-writer.ts';
import {writeZip} from '../../helpers/zip-writer.ts';
import {failureOf, filesBelow, unpack} from './unpack.ts';

const CHILD = join(import.meta.dirname, 'read-child.ts');

/** More files than the threads get at a time. */
const MANY = Array.from({length: 1000}, (_, number) => ({
  name: `set/${'ABC'[number % 3]}/${number}.jpg`,
  content: `picture ${number} `.repeat(50),
}));

const digest = (name: string, text: string) => createHash(name).update(text).digest('hex');

describe('readFiles', () => {
  const temporary = useTemporaryFolder();
  const at = (...names: string[]) => join(temporary(), ...names);

  function write(bytes: Uint8Array): string {
    writeFileSync(at('cached'), bytes);
    return at('cached');
  }

  function makeTarget(): string {
    mkdirSync(at('target'));
    return at('target');
  }

  it('returns sizes and digests, and writes exactly what it read, nowhere else', async () => {
    const target = makeTarget();
    const {files, errors} = await unpack(write(writeZip(archiveEntries())), {target});
    // They are not pictures, but nothing was decoded.
    expect(errors).to.deep.equal([]);
    expect(files).to.deep.equal(
      Object.entries(PICTURES).map(([path, text]) => ({
        path,
        label: path.split('/')[0],
        bytes: Buffer.byteLength(text),
        md5: digest('md5', text),
        sha256: digest('sha256', text),
        modified: statSync(at('target', path)).mtimeMs,
        changed: statSync(at('target', path)).ctimeMs,
      })),
    );
    expect(filesBelow(target)).to.deep.equal(PICTURES);
    expect(readdirSync(temporary()).sort()).to.deep.equal(['cached', 'target']);
  });

  it('writes some files, and hashes all', async () => {
    const target = makeTarget();
    const {files} = await unpack(write(writeZip(archiveEntries())), {target, write: new Set([0, 3])});
    expect(files.map(({path}) => path)).to.deep.equal(Object.keys(PICTURES));
    const [written, read] = [true, false].map((is) => files.filter(({modified}) => !Number.isNaN(modified) === is));
    expect(written.map(({path}) => path)).to.deep.equal(Object.keys(filesBelow(target)));
    expect(written.map(({path}) => path)).to.deep.equal([0, 3].map((index) => Object.keys(PICTURES)[index]));
    expect(read).to.have.length(files.length - 2);
  });

  it('gives the same result with any number of threads, and reports its progress', async () => {
    const tar = write(writeTar(MANY));
    writeFileSync(at('zip'), writeZip(MANY));
    const done: number[] = [];
    const onProgress = (progress: {done: number; total: number}) => {
      expect(progress.total).to.equal(MANY.length);
      done.push(progress.done);
    };
    const [first, other] = await Promise.all([
      // Counts as one.
      unpack(at('zip'), {threads: 0, onProgress}),
      unpack(tar, {threads: 2}),
    ]);
    expect(first.files).to.have.length(MANY.length);
    expect(other).to.deep.equal(first);
    expect(done)
      .to.have.length(8)
      .and.to.deep.equal([...done].sort((a, b) => a - b));
    expect(done.at(-1)).to.equal(MANY.length);
  });

  it('does nothing without files', async () => {
    const container = await openContainer(write(writeZip(MANY)));
    expect(await readFiles(container, [])).to.deep.equal({files: [], errors: []});
  });

  it('does not overwrite a file whose name is the same to a case-insensitive file system', async () => {
    const target = makeTarget();
    // On a case-insensitive file system, the first of two files would be in the way like this.
    writeTree(target, {'Basmati/basmati (2).jpg': 'the first'});
    const error = await failureOf(unpack(write(writeZip(archiveEntries())), {target, name: 'set.zip'}));
    expect({code: error.code, message: error.message}).to.deep.equal({
      code: 'ARCHIVE_DAMAGED',
      message: 'set.zip contains Basmati/basmati (2).jpg twice, as far as this file system can tell',
    });
    expect(filesBelow(target)['Basmati/basmati (2).jpg']).to.equal('the first');
  });

  it('rejects a picture with the path of a folder that another one needs', async () => {
    const entries = [
      {name: 'A/1.jpg', content: 'x'},
      {name: 'A/1.jpg/2.jpg', content: 'x'},
    ];
    const error = await failureOf(unpack(write(writeZip(entries)), {target: makeTarget(), name: 'set.zip'}));
    expect(error.message).to.equal('set.zip contains A/1.jpg twice, as far as this file system can tell');
  });

  describe('stops', () => {
    for (const [kind, archive] of [
      ['zip', writeZip(MANY)],
      ['tar.gz', gzipSync(writeTar(MANY))],
    ] as const)
      it(`on request in the middle of a ${kind}, and leaves no thread behind`, async () => {
        const threadsBefore = threads();
        const stop = new AbortController();
        let read = 0;
        const onProgress = ({done}: {done: number}) => {
          read = done;
          stop.abort(new Error('enough'));
        };
        const reading = unpack(write(archive), {target: makeTarget(), signal: stop.signal, onProgress});
        expect(await reading.catch((error: Error) => error.message)).to.equal('enough');
        expect(read).to.be.within(1, MANY.length - 1);
        expect(anyThreadBusy()).to.equal(false);
        expect(threads()).to.equal(threadsBefore);
      });

    it('if the archive is deleted, and reports it', async () => {
      const tar = writeTar(archiveEntries().map((entry) => ({...entry, long: 'pax' as const})));
      for (const bytes of [writeZip(archiveEntries()), tar, gzipSync(tar)]) {
        const container = await openContainer(write(bytes), {name: 'the archive'});
        rmSync(at('cached'));
        const {code, message} = await failureOf(readFiles(container, locateLabels(container).files, {threads: 1}));
        expect({code, message}).to.deep.equal({code: 'PATH_NOT_FOUND', message: 'the archive does not exist'});
      }
    });

    it('if the target is deleted, and writes nowhere else', async () => {
      const target = makeTarget();
      const onProgress = () => {
        if (existsSync(target)) renameSync(target, at('moved'));
      };
      const {code, message} = await failureOf(unpack(write(writeZip(MANY)), {target, onProgress}));
      expect(code).to.equal('PATH_NOT_FOUND');
      expect(message).to.include(target);
      expect(readdirSync(temporary()).sort()).to.deep.equal(['cached', 'moved']);
    });

    it('if the target or a folder in it is a file', async () => {
      writeFileSync(at('target'), 'a file');
      const archive = write(writeZip(MANY));
      expect((await failureOf(unpack(archive, {target: at('target')}))).message).to.include(at('target'));
      rmSync(at('target'));
      writeTree(makeTarget(), {A: 'a file'});
      const {code, message} = await failureOf(unpack(archive, {target: at('target')}));
      expect(code).to.equal('PATH_NOT_WRITABLE');
      expect(message).to.include(at('target'));
    });

    for (const [what, options, code] of [
      ['is full', 'size=200k', 'DISK_FULL'],
      ['is read-only', 'ro', 'PATH_NOT_WRITABLE'],
    ])
      it(`if the disk ${what} (skipped if none can be mounted)`, function () {
        const target = makeTarget();
        const archive = write(writeZip(MANY));
        const script = 'mount -t tmpfs -o "$1" tmpfs "$2" || exit 77; exec "$4" --import tsx "$5" "$3" "$2"';
        const args = [options, target, archive, process.execPath, CHILD];
        const {status, stdout} = spawnSync('unshare', ['-Urm', 'sh', '-c', script, 'sh', ...args], {encoding: 'utf8'});
        if (status !== 0) this.skip();
        const outcome = JSON.parse(stdout);
        expect(outcome.code).to.equal(code);
        expect(outcome.message).to.include(target);
        expect(readdirSync(target)).to.deep.equal([]);
      });
  });

  it('holds few bytes at once, however much is packed into little', () => {
    // Twelve files of 100 MiB in 1.2 MB.
    const bytes = 100 << 20;
    const content = gzipSync(Buffer.alloc(bytes));
    const headers = Array.from({length: 12}, (_, i) => writeTar([{name: `A/${i}.jpg`, bytes}]).subarray(0, 512));
    const end = gzipSync(Buffer.alloc(1024));
    const archive = write(Buffer.concat([...headers.flatMap((header) => [gzipSync(header), content]), end]));
    const child = ['--import', 'tsx', CHILD, archive];
    const {files, megabytes} = JSON.parse(execFileSync(process.execPath, child, {encoding: 'utf8'}));
    expect(files).to.equal(12);
    expect(megabytes).to.be.below(1000);
  });

  describe('with pictures that cannot be decoded', () => {
    const whole = encodeJpeg(drawGrain({size: 32, length: 20, width: 8}));
    const tree = {
      'A/1.jpg': whole,
      'A/2.jpg': whole.subarray(0, whole.length - 100),
      'A/3.jpg': 'no picture',
      'B/4.jpg': '',
      'B/5.jpg': whole,
    };

    it('reports paths and codes with deep, and continues', async () => {
      // They come in the order of the archive.
      const entries = Object.entries(tree).map(([name, content]) => ({name, content}));
      const {files, errors} = await unpack(write(writeTar(entries.reverse())), {deep: true});
      expect(files.map(({path}) => path)).to.deep.equal(Object.keys(tree));
      expect(errors.map(({path, code}) => [path, code])).to.deep.equal([
        ['A/2.jpg', 'IMAGE_TRUNCATED'],
        ['A/3.jpg', 'IMAGE_UNSUPPORTED'],
        ['B/4.jpg', 'IMAGE_EMPTY'],
      ]);
    });
  });
});

/** The number of threads of this process, if the system states it. */
function threads(): number {
  return existsSync('/proc/self/task') ? readdirSync('/proc/self/task').length : 0;
}
