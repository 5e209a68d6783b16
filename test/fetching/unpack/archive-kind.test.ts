import {execFileSync, spawnSync} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import {createServer} from 'node:net';
import {join} from 'node:path';
import {gzipSync} from 'node:zlib';
import {expect} from 'chai';
import {archiveKind} from '../../../src/fetching/unpack/archive-kind.ts';
import {useTemporaryFolder} from '../../dataset/fixtures.ts';
import {writeTar} from '../../helpers/tar-writer.ts';
import {writeZip} from '../../helpers/zip-writer.ts';
import {extractAll, failureOf} from './unpack.ts';

const ENTRIES = [{name: 'A/1.jpg', content: 'x'}];

describe('the kind of an archive', () => {
  const temporary = useTemporaryFolder();

  function write(bytes: string | Uint8Array): string {
    const path = join(temporary(), 'set');
    writeFileSync(path, bytes);
    return path;
  }

  it('follows from its first bytes', () => {
    expect(archiveKind(write(writeZip(ENTRIES)))).to.equal('zip');
    expect(archiveKind(write(writeZip([])))).to.equal('zip');
    expect(archiveKind(write(writeTar(ENTRIES)))).to.equal('tar');
    expect(archiveKind(write(writeTar(ENTRIES, {magic: 'gnu'})))).to.equal('tar');
    expect(archiveKind(write(gzipSync('')))).to.equal('tar.gz');
    expect(archiveKind(join(import.meta.dirname, '../../fixtures/dataset.tar.xz'))).to.equal('tar.xz');
  });

  it('may be unsupported, and is named then', async () => {
    for (const [what, bytes] of [
      ['a 7z archive', Buffer.from('377abcaf271c0004', 'hex')],
      ['a RAR archive', Buffer.from('526172211a0700cf', 'hex')],
      ['a RAR archive', Buffer.from('526172211a070100', 'hex')],
      ['compressed by bzip2', Buffer.from('BZh91AY&SY')],
      ['compressed by Zstandard', Buffer.from('28b52ffd0458', 'hex')],
      ['a web page', Buffer.from('\n <!DOCTYPE html><html></html>')],
      ['a web page', Buffer.from('<HTML><body>Sign in</body></HTML>')],
      ['empty', Buffer.of()],
      ['of an unknown kind', Buffer.from('Please cite.')],
      ['of an unknown kind', Buffer.of(0x50)],
      ['of an unknown kind', Buffer.concat([Buffer.from('MZ'), writeZip(ENTRIES)])],
      ['of an unknown kind', Buffer.alloc(2000)],
    ] as const) {
      const error = await failureOf(extractAll(write(bytes), {name: 'set.zip'}));
      expect({code: error.code, message: error.message}).to.deep.equal({
        code: 'ARCHIVE_UNSUPPORTED',
        message: `set.zip is not a supported archive: it is ${what}`,
      });
    }
  });

  it('is not read from a pipe or socket, which could block', async function () {
    if (process.platform === 'win32' || spawnSync('mkfifo', ['--version']).error) this.skip();
    const pipe = join(temporary(), 'pipe');
    execFileSync('mkfifo', [pipe]);
    const socket = join(temporary(), 'socket');
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    try {
      for (const path of [pipe, socket, '/dev/null']) {
        const {code, message} = await failureOf(extractAll(path, {name: 'set.zip'}));
        expect(code).to.equal('PATH_NOT_READABLE');
        expect(message).to.equal('cannot read set.zip: it is neither a file nor a folder');
      }
    } finally {
      server.close();
    }
  });
});
