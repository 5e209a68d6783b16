import {execFileSync, spawnSync} from 'node:child_process';
import {randomBytes} from 'node:crypto';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {gzipSync} from 'node:zlib';
import {expect} from 'chai';
import {openContainer} from '../../../src/fetching/unpack/open-container.ts';
import {useTemporaryFolder} from '../../dataset/fixtures.ts';
import {type TarEntry, type TarOptions, writeTar} from '../../helpers/tar-writer.ts';
import {extractAll, failureOf, openFiles} from './unpack.ts';

const CHILD = join(import.meta.dirname, 'open-child.ts');

describe('a tar archive', () => {
  const temporary = useTemporaryFolder();

  function write(bytes: Uint8Array): string {
    const path = join(temporary(), 'set');
    writeFileSync(path, bytes);
    return path;
  }

  const read = (entries: readonly TarEntry[], options?: TarOptions) => extractAll(write(writeTar(entries, options)));

  it('may use any variant of its format', async () => {
    const long = `${'a long folder/'.repeat(9)}${'a long name'.repeat(9)}`;
    for (const magic of ['ustar', 'gnu'] as const)
      expect(
        await read(
          [
            {name: './', type: '5'},
            {name: './A/', type: '5', bytes: 4096},
            {name: './A/1.jpg', content: 'dot'},
            {name: 'A/2.jpg', content: 'contiguous', type: '7'},
            {name: 'A/3.jpg', content: 'old', type: '\0'},
            {name: `A/${long}.pax.jpg`, content: 'pax', long: 'pax'},
            {name: `A/${long}.gnu.jpg`, content: 'gnu', long: 'gnu'},
            {name: 'A/empty.jpg'},
            {name: 'A/full.jpg', content: 'x'.repeat(512)},
            {name: 'A/more.jpg', content: 'x'.repeat(300_000)},
            {name: 'pax_global_header', type: 'g', content: '19 comment=a word.\n'},
          ],
          {magic, end: 20 * 512},
        ),
      ).to.deep.equal({
        'A/1.jpg': 'dot',
        'A/2.jpg': 'contiguous',
        'A/3.jpg': 'old',
        [`A/${long}.gnu.jpg`]: 'gnu',
        [`A/${long}.pax.jpg`]: 'pax',
        'A/empty.jpg': '',
        'A/full.jpg': 'x'.repeat(512),
        'A/more.jpg': 'x'.repeat(300_000),
      });
  });

  it('may have more padding than content', async () => {
    expect(await read([{name: 'A/1.jpg', content: 'x'}], {end: 10 << 20})).to.deep.equal({'A/1.jpg': 'x'});
  });

  it('is rejected for anything but files, with the names of archive and entry', async () => {
    for (const [type, what] of [
      ['1', 'a link'],
      ['2', 'a link'],
      ['3', 'not a regular file'],
      ['4', 'not a regular file'],
      ['6', 'not a regular file'],
      ['S', 'not a regular file'],
      ['M', 'not a regular file'],
      ['Z', 'not a regular file'],
    ]) {
      const link = what === 'a link' ? '/etc/passwd' : '';
      const entries = [{name: 'A/1.jpg'}, {name: 'A/2.jpg', type, link, content: 'x'.repeat(600)}];
      const {code, message} = await failureOf(extractAll(write(writeTar(entries)), {name: 'set.tar'}));
      expect({code, message}, type).to.deep.equal({
        code: 'ARCHIVE_UNSAFE',
        message: `set.tar contains "A/2.jpg": it is ${what}`,
      });
    }
  });

  it('is rejected for a name that is too long for the parser', async () => {
    const {code} = await failureOf(read([{name: `A/${'x'.repeat(2 << 20)}.jpg`, long: 'gnu'}]));
    expect(code).to.equal('ARCHIVE_UNSAFE');
  });

  it('may have a volume label and access rights', async () => {
    const entries = [
      {name: 'Backup', type: 'V'},
      {name: 'A/1.jpg', content: 'x'},
    ];
    expect(await read(entries)).to.deep.equal({'A/1.jpg': 'x'});
  });

  for (const program of ['cat', 'gzip', 'xz'])
    it(`is closed if an entry is rejected or reading ends early, compressed by ${program}`, async function () {
      const before = openFiles();
      if (before === undefined || spawnSync(program, ['--version']).error) this.skip();
      const entries = [{name: 'A/1.jpg'}, {name: '../2.jpg'}, {name: 'A/3.jpg', content: randomBytes(400_000)}];
      const pack = (input: Buffer) => execFileSync(program, {input, maxBuffer: 1 << 24});
      const refused = pack(writeTar(entries));
      const damaged = Buffer.concat([pack(writeTar(entries.slice(2))).subarray(0, 300_000), randomBytes(100_000)]);
      for (const bytes of [refused, damaged])
        for (let time = 0; time < 3; time++) await failureOf(extractAll(write(bytes)));
      write(pack(writeTar([entries[2], entries[0]])));
      for (let time = 0; time < 3; time++) {
        const stop = new AbortController();
        const opened = openContainer(join(temporary(), 'set'), {signal: stop.signal}).catch((error: Error) => error);
        setTimeout(() => stop.abort(), time);
        await opened;
      }
      for (let tries = 0; tries < 100 && openFiles()! > before; tries++) await sleep(5);
      expect(openFiles()).to.be.at.most(before);
    });

  it('is rejected with a suggestion for unsupported xz options (skipped if xz is missing)', async function () {
    if (spawnSync('xz', ['--version']).error) this.skip();
    const ways: [string[], RegExp][] = [
      [['--check=sha256'], /its xz compression options are not supported/],
      [['--delta', '--lzma2'], /its xz compression options are not supported/],
      [['--lzma2=dict=256MiB'], /needs too much memory/],
    ];
    for (const [options, reason] of ways) {
      const bytes = execFileSync('xz', options, {input: writeTar([{name: 'A/1.jpg'}])});
      const {code, message, suggestions} = await failureOf(extractAll(write(bytes), {name: 'set.tar.xz'}));
      expect(code, message).to.equal('ARCHIVE_UNSUPPORTED');
      expect(message)
        .to.match(/^set\.tar\.xz cannot be unpacked: /)
        .and.to.match(reason);
      expect(suggestions.join()).to.include('--source');
    }
  });

  it('is not unpacked twice', async () => {
    const tar = writeTar([{name: 'A/1.jpg', content: 'x'}]);
    const twice = gzipSync(gzipSync(tar));
    // The second compressed byte comes after everything that the first read returns.
    const inner = gzipSync(tar);
    const apart = Buffer.concat([gzipSync(inner.subarray(0, 1)), gzipWithName(inner.subarray(1))]);
    for (const bytes of [twice, apart]) {
      const {code, message} = await failureOf(extractAll(write(bytes), {name: 'set.tar.gz'}));
      expect(code).to.equal('ARCHIVE_UNSUPPORTED');
      expect(message).to.equal('set.tar.gz cannot be unpacked: it is compressed more than once');
    }
  });

  it('may consist of several concatenated xz streams (skipped if xz is missing)', async function () {
    if (spawnSync('xz', ['--version']).error) this.skip();
    const tar = writeTar([1, 2, 3].map((number) => ({name: `A/${number}.jpg`, content: 'x'.repeat(1000)})));
    const parts = [tar.subarray(0, 2000), tar.subarray(2000)].map((input) => execFileSync('xz', {input}));
    expect(Object.keys(await extractAll(write(Buffer.concat(parts))))).to.have.length(3);
  });

  describe('is damaged', () => {
    const refused = async (bytes: Uint8Array): Promise<string> => {
      const {code, message} = await failureOf(extractAll(write(bytes), {name: 'set.tar'}));
      expect(code, message).to.equal('ARCHIVE_DAMAGED');
      expect(message).to.match(/^set\.tar cannot be unpacked completely: /);
      return message;
    };
    const entries = [1, 2, 3].map((number) => ({name: `A/${number}.jpg`, content: `${number}`}));

    it('if it ends between two files, or within a file or header', async () => {
      const whole = writeTar(entries);
      expect(await refused(whole.subarray(0, 2 * 1024))).to.include('its end is missing');
      expect(await refused(whole.subarray(0, 3 * 1024))).to.include('its end is missing');
      expect(await refused(whole.subarray(0, 2 * 1024 + 300))).to.include('its end is missing');
      expect(await refused(whole.subarray(0, 2 * 1024 + 512))).to.include('Truncated input');
      expect(await refused(gzipSync(whole.subarray(0, 3 * 1024)))).to.include('its end is missing');
      expect(await extractAll(write(whole.subarray(0, 3 * 1024 + 512)))).to.have.all.keys(
        entries.map(({name}) => name),
      );
    });

    it('if a header has a wrong checksum, or is not a header', async () => {
      const spoil = (header: Buffer) => header.write('B', 0);
      expect(await refused(writeTar([...entries, {name: 'A/4.jpg', spoil}]))).to.include('checksum failure');
      expect(await refused(gzipSync('no tar archive at all, but long enough'.repeat(20)))).to.include(
        'checksum failure',
      );
      expect(await refused(gzipSync(''))).to.include('Unrecognized archive format');
      expect(await refused(writeTar([{name: 'A/1.jpg', content: 'x', bytes: 100_000}]))).to.include('Truncated input');
      expect(await refused(writeTar([{name: 'A/1.jpg', content: 'x'.repeat(2000), bytes: 1}]))).to.include('checksum');
    });
  });

  it('that is a decompression bomb is rejected during reading, with little memory', () => {
    const picture = gzipSync(writeTar([{name: 'A/1.jpg', content: 'x'}]));
    const zeros = gzipSync(Buffer.alloc(16 << 20));
    const someFolders = Array.from({length: 1 << 12}, (_, number) => ({name: `${number}/`, type: '5'}));
    const folders = gzipSync(writeTar(someFolders, {end: 0}));
    const manyFiles = Array.from({length: 3000}, (_, number) => ({name: `A/${number}.jpg`}));
    const bombs = {
      'zeros behind many files': [gzipSync(writeTar(manyFiles)), ...Array<Buffer>(20).fill(zeros)],
      'zeros behind its end': [picture, ...Array<Buffer>(200).fill(zeros)],
      folders: Array<Buffer>(200).fill(folders),
    };
    const paths = Object.entries(bombs).map(([name, members]) => {
      writeFileSync(join(temporary(), name), Buffer.concat(members));
      return join(temporary(), name);
    });
    const stdout = execFileSync(process.execPath, ['--import', 'tsx', CHILD, ...paths], {encoding: 'utf8'});
    const {errors, megabytes} = JSON.parse(stdout);
    const refused = (path: string, megabytesAllowed: number) => ({
      code: 'ARCHIVE_TOO_LARGE',
      message: `${path} is too large: more than ${megabytesAllowed} MB besides its files`,
    });
    expect(errors).to.deep.equal([refused(paths[0], 213), refused(paths[1], 16), refused(paths[2], 16)]);
    expect(megabytes).to.be.below(200);
  });
});

/** Compressed by gzip, with a name of half a megabyte in the header. */
function gzipWithName(bytes: Uint8Array): Buffer {
  const packed = gzipSync(bytes);
  packed[3] |= 8;
  return Buffer.concat([packed.subarray(0, 10), Buffer.alloc(500_000, 'x'), Buffer.of(0), packed.subarray(10)]);
}
