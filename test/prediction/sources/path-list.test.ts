import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {PassThrough, Readable} from 'node:stream';
import {expect} from 'chai';
import {readPathList} from '../../../src/prediction/sources/path-list.ts';
import {useTemporaryFolder} from '../../dataset/fixtures.ts';

/** The portions of paths for the given chunks. */
async function portions(...chunks: (string | Uint8Array)[]): Promise<string[][]> {
  const input = Readable.from(chunks.map((chunk) => Buffer.from(chunk)));
  const all: string[][] = [];
  for await (const paths of readPathList('-', {input})) all.push(paths);
  return all;
}

const paths = async (...chunks: (string | Uint8Array)[]) => (await portions(...chunks)).flat();

describe('a list of paths', () => {
  it('has one path per line, the last with or without a newline', async () => {
    expect(await paths('a.jpg\nb c.jpg\n')).to.deep.equal(['a.jpg', 'b c.jpg']);
    expect(await paths('a.jpg\nb.jpg')).to.deep.equal(['a.jpg', 'b.jpg']);
    expect(await paths('\n\na.jpg\n\n')).to.deep.equal(['a.jpg']);
    expect(await paths('')).to.deep.equal([]);
    expect(await paths()).to.deep.equal([]);
    expect(await paths(' a \n')).to.deep.equal([' a ']);
  });

  it('supports CRLF, also split between \\r and \\n, and a byte order mark', async () => {
    expect(await paths('a.jpg\r', '\nb.jpg\r\n')).to.deep.equal(['a.jpg', 'b.jpg']);
    expect(await paths('a.jpg\r\nb.jpg\r')).to.deep.equal(['a.jpg', 'b.jpg']);
    expect(await paths('\uFEFFa.jpg\nb.jpg')).to.deep.equal(['a.jpg', 'b.jpg']);
  });

  it('reads the UTF-16 that PowerShell writes', async () => {
    const list = Buffer.from('\uFEFFÄ.jpg\r\nb.jpg\r\n', 'utf16le');
    expect(await paths(list)).to.deep.equal(['Ä.jpg', 'b.jpg']);
    expect(await paths(list.subarray(0, 5), list.subarray(5))).to.deep.equal(['Ä.jpg', 'b.jpg']);
  });

  it('reads UTF-16 of either byte order, with or without a mark, however it is split', async () => {
    const le = Buffer.from('a.jpg\r\nb c.jpg\r\n', 'utf16le');
    for (const marked of [true, false]) {
      const little = marked ? Buffer.concat([Buffer.of(0xff, 0xfe), le]) : le;
      for (const bytes of [little, Buffer.from(little).swap16()]) {
        expect(await paths(bytes)).to.deep.equal(['a.jpg', 'b c.jpg']);
        if (marked) {
          const single = Array.from(bytes, (_, i) => bytes.subarray(i, i + 1));
          expect(await paths(...single)).to.deep.equal(['a.jpg', 'b c.jpg']);
        }
      }
    }
    // Names of one letter that end with NULs.
    expect(await paths('a\0b\0c\0d\0')).to.deep.equal(['a', 'b', 'c', 'd']);
  });

  it('ignores the byte order marks of lists that were joined', async () => {
    expect(await paths('\uFEFFa.jpg\r\n\uFEFFb.jpg\n')).to.deep.equal(['a.jpg', 'b.jpg']);
  });

  it('may be separated by NULs, and then paths may contain newlines', async () => {
    expect(await paths('a\nb.jpg\0c.jpg\0')).to.deep.equal(['a\nb.jpg', 'c.jpg']);
    expect(await paths('a.jpg\0b.jpg')).to.deep.equal(['a.jpg', 'b.jpg']);
    expect(await paths('a.jp', 'g\0b\n', 'c.jpg\0')).to.deep.equal(['a.jpg', 'b\nc.jpg']);
  });

  it('joins characters that are split between two chunks', async () => {
    const bytes = Buffer.from('ä\u{1F35A}.jpg\nü.jpg\n');
    for (let cut = 0; cut <= bytes.length; cut++)
      expect(await paths(bytes.subarray(0, cut), bytes.subarray(cut))).to.deep.equal(['ä\u{1F35A}.jpg', 'ü.jpg']);
    const single = Array.from(bytes, (_, i) => bytes.subarray(i, i + 1));
    expect(await paths(...single)).to.deep.equal(['ä\u{1F35A}.jpg', 'ü.jpg']);
  });

  it('truncates an endless line, and keeps those before and after', async () => {
    const giant = 'x'.repeat(50_000);
    const found = await paths('a.jpg\n', `b.jpg\n${giant}`, giant, giant, '\nc.jpg\n', 'd.jpg');
    expect(found.map(({length}) => length)).to.deep.equal([5, 5, 65_536, 5, 5]);
    expect(found.at(-1)).to.equal('d.jpg');
    expect((await paths(giant, giant)).map(({length}) => length)).to.deep.equal([65_536]);
  });

  it('yields available paths without waiting for more', async () => {
    const input = new PassThrough();
    const list = readPathList('-', {input});
    for (const path of ['a.jpg', 'b.jpg']) {
      input.write(`${path}\n`);
      expect((await list.next()).value).to.deep.equal([path]);
    }
    input.end('c.jpg');
    expect((await list.next()).value).to.deep.equal(['c.jpg']);
    expect((await list.next()).done).to.equal(true);
  });

  it('ends on an abort, also while it waits', async () => {
    const stop = new AbortController();
    const list = readPathList('-', {input: new PassThrough(), signal: stop.signal});
    const next = list.next().catch((error) => error);
    stop.abort();
    expect(await next).to.have.property('code', 'PATH_NOT_READABLE');
  });

  describe('in a file', () => {
    const temporary = useTemporaryFolder();

    it('is read', async () => {
      const file = join(temporary(), 'list.txt');
      writeFileSync(file, Array.from({length: 20_000}, (_, i) => `${i}.jpg\n`).join(''));
      let last = '';
      let count = 0;
      for await (const some of readPathList(file)) {
        count += some.length;
        last = some.at(-1)!;
      }
      expect([count, last]).to.deep.equal([20_000, '19999.jpg']);
    });

    it('fails if the file is missing', async () => {
      const error = await readPathList(join(temporary(), 'none'))
        .next()
        .catch((thrown) => thrown);
      expect(error).to.have.property('code', 'PATH_NOT_FOUND');
    });
  });
});
