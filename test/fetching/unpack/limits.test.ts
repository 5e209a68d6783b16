import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {gzipSync} from 'node:zlib';
import {expect} from 'chai';
import {LIMITS, limitsFor} from '../../../src/fetching/unpack/limits.ts';
import {useTemporaryFolder} from '../../dataset/fixtures.ts';
import {writeTar} from '../../helpers/tar-writer.ts';
import {writeZip} from '../../helpers/zip-writer.ts';
import {extractAll, failureOf} from './unpack.ts';

interface Entry {
  name: string;
  content: string;
  bytes?: number;
}

const WRITERS: Record<string, (entries: Entry[]) => Buffer> = {
  zip: (entries) => writeZip(entries),
  tar: (entries) => writeTar(entries),
  'tar.gz': (entries) => gzipSync(writeTar(entries)),
};

describe('the limits of archives', () => {
  const temporary = useTemporaryFolder();
  const entries = [1, 2, 3].map((number) => ({name: `A/${number}.jpg`, content: 'x'.repeat(1000)}));

  for (const [kind, writer] of Object.entries(WRITERS)) {
    const read = (list: Entry[], limits = {}) => {
      const path = join(temporary(), 'set');
      writeFileSync(path, writer(list));
      return extractAll(path, {name: `set.${kind}`, limits: {...LIMITS, ...limits}});
    };

    it(`apply to a ${kind}`, async () => {
      for (const [limits, reason] of [
        [{files: 2}, 'more than 2 files'],
        [{bytes: 2999}, 'more than 0.000002999 GB'],
        [{fileBytes: 999}, 'A/1.jpg has 1,000 bytes, more than 0.000999 MB'],
      ] as const) {
        const {code, message} = await failureOf(read(entries, limits));
        expect({code, message}).to.deep.equal({
          code: 'ARCHIVE_TOO_LARGE',
          message: `set.${kind} is too large: ${reason}`,
        });
      }
      expect(await read(entries, {files: 3, bytes: 3000, fileBytes: 1000})).to.have.all.keys(
        entries.map(({name}) => name),
      );
    });

    it(`apply to the stated sizes in a ${kind}, before reading the content`, async () => {
      const {code, message} = await failureOf(read([{...entries[0], bytes: 300e6}]));
      expect(code).to.equal('ARCHIVE_TOO_LARGE');
      expect(message).to.equal(`set.${kind} is too large: A/1.jpg has 300,000,000 bytes, more than 25 MB`);
    });
  }

  it('apply to sizes in pax fields and GNU headers', async () => {
    const path = join(temporary(), 'set');
    const base256 = (header: Buffer) => {
      header.fill(0, 124, 136);
      header[124] = 0x80;
      header.writeUInt32BE(300e6, 132);
      header.write('        ', 148);
      const sum = header.reduce((total, byte) => total + byte, 0);
      header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    };
    for (const entry of [{pax: {size: '300000000'}}, {pax: {size: '1e300'}}, {spoil: base256}]) {
      writeFileSync(path, writeTar([{...entries[0], ...entry}]));
      expect((await failureOf(extractAll(path))).code).to.equal('ARCHIVE_TOO_LARGE');
    }
  });

  it('apply to the compressed bytes of a zip', async () => {
    const path = join(temporary(), 'set');
    // Empty deflate blocks, which inflate to nothing.
    const packed = Buffer.concat([...Array<Buffer>(1000).fill(Buffer.of(0, 0, 0, 0xff, 0xff)), Buffer.of(3, 0)]);
    writeFileSync(path, writeZip([{name: 'A/1.jpg', packed}]));
    expect(await extractAll(path)).to.deep.equal({'A/1.jpg': ''});
    const error = await failureOf(extractAll(path, {limits: {...LIMITS, fileBytes: 5000}}));
    expect(error.code).to.equal('ARCHIVE_TOO_LARGE');
  });

  it('are several times what the dataset is, unless the user says to how much an archive may unpack', () => {
    expect(LIMITS).to.deep.equal({files: 300_000, bytes: 2e9, fileBytes: 25e6});
    expect(limitsFor(1)).to.deep.equal({files: 300_000, bytes: 1e9, fileBytes: 256e6});
    expect(limitsFor(32)).to.deep.equal({files: 4_800_000, bytes: 32e9, fileBytes: 256e6});
  });
});
