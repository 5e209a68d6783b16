import {truncateSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {RiceError} from '../../../src/common/errors.ts';
import {Extractor} from '../../../src/fetching/unpack/extract.ts';
import {openZip} from '../../../src/fetching/unpack/zip-container.ts';
import {useTemporaryFolder} from '../../dataset/fixtures.ts';
import {writeZip, type ZipEntry, type ZipOptions} from '../../helpers/zip-writer.ts';
import {extractAll, failureOf} from './unpack.ts';

describe('a zip archive', () => {
  const temporary = useTemporaryFolder();

  function write(entries: readonly ZipEntry[], options?: ZipOptions): string {
    const path = join(temporary(), 'set');
    writeFileSync(path, writeZip(entries, options));
    return path;
  }

  it('may be written in any of the ways of its format', async () => {
    const path = write(
      [
        {name: 'A/', content: '', mode: 0o40755},
        {name: 'A/deflated.jpg', content: 'deflated'},
        {name: 'A/stored.jpg', content: 'stored', method: 0},
        {name: 'A/descriptor.jpg', content: 'descriptor', descriptor: true},
        {name: 'A/wide.jpg', content: 'wide', zip64: true},
        {name: 'A/far.jpg', content: 'far', extra: Buffer.alloc(2000)},
        {name: 'A/dos.jpg', content: 'dos', system: 0, mode: 0},
        {name: 'A/no mode.jpg', content: 'no mode', mode: 0},
        {name: 'A/empty.jpg'},
        {name: 'A/empty, stored.jpg', method: 0},
      ],
      {zip64: true, comment: 'a comment'},
    );
    expect(await extractAll(path)).to.deep.equal({
      'A/deflated.jpg': 'deflated',
      'A/descriptor.jpg': 'descriptor',
      'A/dos.jpg': 'dos',
      'A/empty, stored.jpg': '',
      'A/empty.jpg': '',
      'A/far.jpg': 'far',
      'A/no mode.jpg': 'no mode',
      'A/stored.jpg': 'stored',
      'A/wide.jpg': 'wide',
    });
  });

  it('may have names in UTF-8, marked as such or not, or in the first encoding of zip archives', async () => {
    const path = write([
      {name: 'A/ç marked.jpg'},
      {name: 'A/ç not marked.jpg', utf8: false},
      {name: Buffer.from('A/\x87 of DOS.jpg', 'latin1'), utf8: false},
    ]);
    expect(Object.keys(await extractAll(path))).to.deep.equal([
      'A/ç marked.jpg',
      'A/ç not marked.jpg',
      'A/ç of DOS.jpg',
    ]);
  });

  it('may separate folders by backslashes, as some programs of Windows do', async () => {
    const path = write([
      {name: 'A\\', mode: 0, system: 0},
      {name: 'A\\1.jpg', content: 'one'},
      {name: 'Ç\\2.jpg', content: 'two', utf8: false},
    ]);
    expect(await extractAll(path)).to.deep.equal({'A/1.jpg': 'one', 'Ç/2.jpg': 'two'});
  });

  describe('is damaged', () => {
    const refused = async (entries: readonly ZipEntry[], options?: ZipOptions): Promise<string> => {
      const {code, message} = await failureOf(extractAll(write(entries, options), {name: 'set.zip'}));
      expect(code, message).to.equal('ARCHIVE_DAMAGED');
      expect(message).to.match(/^set\.zip is (no whole zip archive|damaged): /);
      return message;
    };
    const entry = {name: 'A/1.jpg', content: 'something that shrinks: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'};

    it('where a checksum is wrong', async () => {
      expect(await refused([{...entry, crc: 1}])).to.equal('set.zip is damaged: A/1.jpg: its checksum is wrong');
      expect(await refused([{...entry, method: 0, crc: 1}])).to.include('A/1.jpg: its checksum is wrong');
    });

    it('where a size is wrong, and is never unpacked beyond what is stated', async () => {
      expect(await refused([{...entry, bytes: 10}])).to.include('A/1.jpg: it has more than 10 bytes');
      expect(await refused([{...entry, bytes: 0}])).to.include('A/1.jpg: it has ');
      expect(await refused([{...entry, bytes: 1000}])).to.match(/A\/1\.jpg: it has \d+ bytes instead of 1000/);
      expect(await refused([{...entry, packedBytes: 5}])).to.include('A/1.jpg: unexpected end of file');
      expect(await refused([{...entry, method: 0, bytes: 10}])).to.include('mismatch');
    });

    it('where compressed bytes are none', async () => {
      expect(await refused([{...entry, packed: Buffer.from('not compressed at all')}])).to.include('A/1.jpg: invalid');
      expect(await refused([{...entry, packed: Buffer.of()}])).to.include('A/1.jpg: unexpected end of file');
    });

    it('where a file would lie beyond its end, without memory for that', async () => {
      const beyond = 'set.zip is no whole zip archive: it ends before "A/1.jpg" does';
      expect(await refused([{...entry, packedBytes: 200e6}])).to.equal(beyond);
      expect(await refused([{...entry, packedBytes: 2 ** 52, zip64: true}])).to.equal(beyond);
      expect(await refused([{...entry, offset: 2 ** 31}])).to.equal(beyond);
      expect(await refused([{...entry, offset: 2 ** 52, zip64: true}])).to.equal(beyond);
    });

    it('where the directory points elsewhere', async () => {
      expect(await refused([{...entry, offset: 1}])).to.equal(
        'set.zip is damaged: A/1.jpg: it is not where the directory says',
      );
      const other = {name: 'A/2.jpg', content: 'another'};
      expect(await refused([entry, {...other, offset: 0, present: false}])).to.include('A/2.jpg: ');
      expect(await refused([entry], {directory: 3})).to.include('directory');
      expect(await refused([entry], {directory: 1e6, zip64: true})).to.include('EOF');
    });

    it('where it holds more or fewer files than it says', async () => {
      const three = [1, 2, 3].map((number) => ({name: `A/${number}.jpg`, content: 'x'}));
      for (const zip64 of [false, true])
        for (const count of [1, 2]) expect(await refused(three, {count, zip64})).to.include('more files than it says');
      for (const zip64 of [false, true]) expect(await refused(three, {count: 4, zip64})).to.match(/directory|EOF/);
      expect(await refused(three, {count: 2 ** 52, zip64: true})).to.include('directory');
    });
  });

  it('is not unpacked where that takes more than is known, with a way out', async () => {
    const cases: [ZipEntry, ZipOptions, RegExp][] = [
      [{name: 'A/1.jpg', flags: 1}, {}, /A\/1\.jpg is encrypted/],
      [{name: 'A/1.jpg', flags: 0x41}, {}, /strong encryption/],
      [{name: 'A/1.jpg', method: 99}, {}, /A\/1\.jpg is compressed by method 99/],
      [{name: 'A/1.jpg', method: 9}, {}, /A\/1\.jpg is compressed by method 9/],
      [{name: 'A/1.jpg', method: 93}, {}, /A\/1\.jpg is compressed by method 93/],
      [{name: 'A/1.jpg'}, {disk: 1}, /multi-disk/],
    ];
    for (const [entry, options, reason] of cases) {
      const error = await failureOf(extractAll(write([entry], options), {name: 'set.zip'}));
      expect(error.code).to.equal('ARCHIVE_UNSUPPORTED');
      expect(error.message)
        .to.match(/^set\.zip cannot be unpacked: /)
        .and.to.match(reason);
      expect(error.suggestions.join()).to.include('--source');
    }
  });

  it('is not there, or no more as long as it was', async () => {
    const {code, message} = await failureOf(openZip(join(temporary(), 'none'), {name: 'set.zip'}));
    expect({code, message}).to.deep.equal({code: 'PATH_NOT_FOUND', message: 'set.zip does not exist'});
    expect((await failureOf(openZip(temporary(), {name: 'set.zip'}))).message).to.match(/^cannot read set\.zip: /);
    const path = write([{name: 'A/1.jpg', content: 'x'.repeat(100), method: 0}]);
    const container = await openZip(path, {name: 'set.zip'});
    truncateSync(path, 100);
    const extractor = new Extractor(container.name);
    for await (const {content} of container.contents(new Set([0])))
      expect(() => extractor.extract('A/1.jpg', 100, content)).to.throw(
        RiceError,
        'set.zip is damaged: A/1.jpg: the archive ends before it does',
      );
    extractor.close();
  });

  it('may name one file twice in its bytes: each entry gives what it states', async () => {
    const path = write([
      {name: 'A/1.jpg', content: 'one'},
      {name: 'A/2.jpg', content: 'one', offset: 0, present: false},
    ]);
    expect(await extractAll(path)).to.deep.equal({'A/1.jpg': 'one', 'A/2.jpg': 'one'});
  });
});
