import {mkdirSync, readdirSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {expect} from 'chai';
import {useTemporaryFolder} from '../../dataset/fixtures.ts';
import {writeTar} from '../../helpers/tar-writer.ts';
import {writeZip, type ZipEntry} from '../../helpers/zip-writer.ts';
import {extractAll, failureOf, filesBelow, unpack} from './unpack.ts';

const PICTURE = {name: 'A/1.jpg', content: 'one'};

const HOSTILE = [
  '../x.jpg',
  'A/../../x.jpg',
  'A/..',
  '..',
  './../x.jpg',
  '/x.jpg',
  '//server/share/x.jpg',
  '/tmp/rice-hostile.jpg',
  'C:x.jpg',
  'C:\\x.jpg',
  'c:/x.jpg',
  '..\\x.jpg',
  'A\\..\\..\\x.jpg',
  '\\x.jpg',
  '\\\\server\\share\\x.jpg',
  'A//x.jpg',
  'A/./x.jpg',
  '~/x.jpg:stream',
  'A/x.jpg:stream',
  'A/x\u001b[31m.jpg',
  'A/x\n.jpg',
  'A/x\u009b31m.jpg',
  'A/x?.jpg',
  'A/x*.jpg',
  'A/CON.jpg',
  'A/nul',
  'aux/x.jpg',
  'A/com1.txt.jpg',
  'A/LPT\u00b9.jpg',
  'A/CONOUT$',
  'A/x.jpg.',
  'A/x.jpg ',
  'A./x.jpg',
  'A /x.jpg',
  `A/${'ü'.repeat(126)}.jpg`,
  `A/${'a/'.repeat(400)}1.jpg`,
  `A/${'a/'.repeat(20_000)}1.jpg`,
  '../.DS_Store',
  '/.x.jpg',
  'C:/.x.jpg',
];

/** Names that look unsafe, but are not. */
const HARMLESS = ['A/x..jpg', 'A/console.jpg', 'A/com.jpg', 'A/~x.jpg', 'A/com10.jpg', `A/${'x'.repeat(251)}.jpg`];

describe('names in archives', () => {
  const temporary = useTemporaryFolder();
  const at = (...names: string[]) => join(temporary(), ...names);

  /** Tries to unpack an archive. @returns the error, after checking that nothing was written */
  async function refused(bytes: Uint8Array): Promise<{code: string; message: string}> {
    mkdirSync(at('cache', 'target'), {recursive: true});
    writeFileSync(at('cache', '7f3a'), bytes);
    const {code, message} = await failureOf(
      unpack(at('cache', '7f3a'), {name: 'the archive', target: at('cache', 'target')}),
    );
    expect(Object.keys(filesBelow(temporary()))).to.deep.equal(['cache/7f3a']);
    expect(readdirSync(dirname(temporary()))).to.not.include('x.jpg');
    expect(message).to.not.include(temporary());
    return {code, message};
  }

  it('that lead elsewhere, or are invalid on a system, are rejected in a zip', async () => {
    for (const name of HOSTILE) {
      const {code, message} = await refused(writeZip([PICTURE, {name, content: 'x'}]));
      expect(code, name).to.equal('ARCHIVE_UNSAFE');
      expect(message, name).to.match(/^the archive /);
      // yauzl replaces backslashes.
      const shown = shownName(name.replaceAll('\\', '/')).slice(1, -4);
      expect(message.includes(shown), `${message} names ${shown}`).to.equal(true);
    }
  });

  it('that lead elsewhere, or are invalid on a system, are rejected in a tar', async () => {
    for (const name of HOSTILE)
      for (const long of ['pax', 'gnu'] as const) {
        // A line break ends a pax field.
        if (name.includes('\n') && long === 'pax') continue;
        const {code, message} = await refused(writeTar([PICTURE, {name, content: 'x', long}]));
        expect(code, name).to.equal('ARCHIVE_UNSAFE');
        expect(message, name)
          .to.match(/^the archive contains /)
          .and.to.include(shownName(name).slice(0, -4));
      }
  });

  it('are rejected with the reason', async () => {
    const reasonFor = async (name: string) => {
      const {message} = await refused(writeTar([PICTURE, {name, content: 'x', long: 'pax'}]));
      return message.replace(/^.*": /, '');
    };
    for (const name of ['/x.jpg', '//x/y.jpg', '\\x\\y.jpg', 'C:x.jpg', 'c:\\x.jpg', 'C:/.x.jpg'])
      expect(await reasonFor(name), name).to.equal('it is an absolute path');
    for (const name of ['../x.jpg', 'A/..', 'A\\..\\x.jpg'])
      expect(await reasonFor(name), name).to.equal('it leads out of the dataset');
  });

  it('of folders are rejected as well', async () => {
    for (const name of ['../', '/', '/tmp/', 'A/../../', 'C:/', 'CON/']) {
      expect((await refused(writeZip([PICTURE, {name}]))).code, name).to.equal('ARCHIVE_UNSAFE');
      expect((await refused(writeTar([PICTURE, {name, type: '5'}]))).code, name).to.equal('ARCHIVE_UNSAFE');
    }
  });

  it('with a NUL byte are rejected in a zip, and end there in a tar', async () => {
    const {code, message} = await refused(writeZip([PICTURE, {name: 'A/x.jpg\0.txt'}]));
    expect({code, message}).to.deep.equal({
      code: 'ARCHIVE_UNSAFE',
      message: 'the archive contains "A/x.jpg\\u0000.txt": it is not a valid file name on every system',
    });
    writeFileSync(at('tar'), writeTar([{name: 'A/x.jpg\0/../../y.jpg', content: 'x'}]));
    expect(await extractAll(at('tar'))).to.deep.equal({'A/x.jpg': 'x'});
  });

  it('of links and devices are rejected in a zip, with the names of archive and entry', async () => {
    for (const [mode, what] of [
      [0o120777, 'a link'],
      [0o020666, 'not a regular file'],
      [0o060666, 'not a regular file'],
      [0o010666, 'not a regular file'],
      [0o140666, 'not a regular file'],
    ] as const) {
      const link: ZipEntry = {name: 'A/2.jpg', content: '/etc/passwd', mode};
      const {code, message} = await refused(writeZip([PICTURE, link]));
      expect({code, message}).to.deep.equal({
        code: 'ARCHIVE_UNSAFE',
        message: `the archive contains "A/2.jpg": it is ${what}`,
      });
    }
  });

  it('that only look unsafe are accepted', async () => {
    const entries = HARMLESS.map((name) => ({name, content: 'x', long: 'pax' as const}));
    for (const bytes of [writeZip(entries), writeTar(entries)]) {
      writeFileSync(at('set'), bytes);
      expect(Object.keys(await extractAll(at('set')))).to.have.members(HARMLESS);
    }
  });

  it('of the root folder, and of junk files, may be anything inside the folder', async () => {
    const entries = [PICTURE, {name: './'}, {name: 'A/Icon\r'}, {name: '__MACOSX/A/._Icon\r'}, {name: 'A/.x?.jpg'}];
    const folders = entries.map((entry) => (entry.name === './' ? {...entry, type: '5'} : entry));
    for (const bytes of [writeZip(entries), writeTar(folders)]) {
      writeFileSync(at('set'), bytes);
      expect(await extractAll(at('set'))).to.deep.equal({'A/1.jpg': 'one'});
    }
  });
});

/** As messages quote it; a long one is cut. */
function shownName(name: string): string {
  return JSON.stringify(name.length > 255 ? `${name.slice(0, 100)}...` : name);
}
