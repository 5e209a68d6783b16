import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {writeZip, type ZipEntry, type ZipOptions} from '../../helpers/zip-writer.ts';
import {useTemporaryFolder} from '../fixtures.ts';
import {extractAll} from './unpack.ts';

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
});
