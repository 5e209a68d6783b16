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

  it('may use any variant of its format', async () => {
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

  it('may have names in UTF-8, with or without the flag, or in code page 437', async () => {
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

  it('may separate folders by backslashes, as some Windows programs do', async () => {
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
      expect(message).to.match(/^set\.zip is (not a complete zip archive|damaged): /);
      return message;
    };
    const entry = {name: 'A/1.jpg', content: 'something that shrinks: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'};

    it('if a checksum is wrong', async () => {
      expect(await refused([{...entry, crc: 1}])).to.equal('set.zip is damaged: A/1.jpg: its checksum is wrong');
      expect(await refused([{...entry, method: 0, crc: 1}])).to.include('A/1.jpg: its checksum is wrong');
    });

    it('if a size is wrong, and is never unpacked beyond the stated size', async () => {
      expect(await refused([{...entry, bytes: 10}])).to.include('A/1.jpg: it has more than 10 bytes');
      expect(await refused([{...entry, bytes: 0}])).to.include('A/1.jpg: it has ');
      expect(await refused([{...entry, bytes: 1000}])).to.match(/A\/1\.jpg: it has \d+ bytes instead of 1000/);
      expect(await refused([{...entry, packedBytes: 5}])).to.include('A/1.jpg: unexpected end of file');
      expect(await refused([{...entry, method: 0, bytes: 10}])).to.include('mismatch');
    });

    it('if the compressed bytes are invalid', async () => {
      expect(await refused([{...entry, packed: Buffer.from('not compressed at all')}])).to.include('A/1.jpg: invalid');
      expect(await refused([{...entry, packed: Buffer.of()}])).to.include('A/1.jpg: unexpected end of file');
    });

    it('if a file would extend beyond its end, without allocating memory for it', async () => {
      const beyond = 'set.zip is not a complete zip archive: it ends before the end of "A/1.jpg"';
      expect(await refused([{...entry, packedBytes: 200e6}])).to.equal(beyond);
      expect(await refused([{...entry, packedBytes: 2 ** 52, zip64: true}])).to.equal(beyond);
      expect(await refused([{...entry, offset: 2 ** 31}])).to.equal(beyond);
      expect(await refused([{...entry, offset: 2 ** 52, zip64: true}])).to.equal(beyond);
    });

    it('if the directory has a wrong offset', async () => {
      expect(await refused([{...entry, offset: 1}])).to.equal(
        'set.zip is damaged: A/1.jpg: it is not at the offset in the directory',
      );
      const other = {name: 'A/2.jpg', content: 'another'};
      expect(await refused([entry, {...other, offset: 200, present: false}])).to.include('A/2.jpg');
      expect(await refused([entry], {directory: 3})).to.include('directory');
      expect(await refused([entry], {directory: 1e6, zip64: true})).to.include('EOF');
    });

    it('if it contains more or fewer files than it states', async () => {
      const three = [1, 2, 3].map((number) => ({name: `A/${number}.jpg`, content: 'x'}));
      for (const zip64 of [false, true])
        for (const count of [1, 2])
          expect(await refused(three, {count, zip64})).to.include('more files than it states');
      for (const zip64 of [false, true]) expect(await refused(three, {count: 4, zip64})).to.match(/directory|EOF/);
      expect(await refused(three, {count: 2 ** 52, zip64: true})).to.include('directory');
    });
  });

  it('is refused where two of its files share a byte', async () => {
    const one = {name: 'A/1.jpg', content: 'x'.repeat(1000), method: 0};
    const two = {name: 'A/2.jpg', content: 'x'.repeat(1000), method: 0};
    const whole = 30 + one.name.length + 1000;
    for (const offset of [0, 1, whole - 1]) {
      const error = await failureOf(extractAll(write([one, {...two, offset}]), {name: 'set.zip'}));
      expect([error.code, error.message]).to.deep.equal([
        'ARCHIVE_UNSAFE',
        'set.zip has "A/1.jpg" and "A/2.jpg" in the same bytes',
      ]);
    }
    // Four files in one: what a bomb is made of.
    const same = [2, 3, 4].map((number) => ({...one, name: `A/${number}.jpg`, offset: 0, present: false}));
    expect((await failureOf(extractAll(write([one, ...same])))).code).to.equal('ARCHIVE_UNSAFE');
    expect(Object.keys(await extractAll(write([one, {...two, offset: whole}])))).to.have.length(2);
  });

  it('may have something behind its end, as unzip takes it', async () => {
    const entry = {name: 'A/1.jpg', content: 'one'};
    const far = Buffer.alloc(60_000, 'x');
    for (const after of [Buffer.from('\r\n'), Buffer.alloc(5000), Buffer.from('PK\x05\x06 is no end'), far])
      for (const options of [{}, {comment: 'a comment'}, {zip64: true}, {comment: 'a comment', zip64: true}])
        expect(await extractAll(write([entry], {...options, after}))).to.deep.equal({'A/1.jpg': 'one'});
    expect(await extractAll(write([entry], {comment: 'PK\x05\x06'}))).to.deep.equal({'A/1.jpg': 'one'});
    const {message} = await failureOf(extractAll(write([entry], {after: Buffer.alloc(300_000)}), {name: 'set.zip'}));
    expect(message).to.match(/^set\.zip is not a complete zip archive: /);
  });

  it('is rejected with a suggestion if its features are not supported', async () => {
    const cases: [ZipEntry, ZipOptions, RegExp][] = [
      [{name: 'A/1.jpg', flags: 1}, {}, /A\/1\.jpg is encrypted/],
      [{name: 'A/1.jpg', flags: 0x41}, {}, /strong encryption/],
      [{name: 'A/1.jpg', method: 99}, {}, /A\/1\.jpg is compressed with method 99/],
      [{name: 'A/1.jpg', method: 9}, {}, /A\/1\.jpg is compressed with method 9/],
      [{name: 'A/1.jpg', method: 93}, {}, /A\/1\.jpg is compressed with method 93/],
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

  it('does not exist, or was truncated since', async () => {
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
});
