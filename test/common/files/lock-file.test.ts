import {spawn} from 'node:child_process';
import {existsSync, readdirSync, readFileSync, utimesSync, writeFileSync} from 'node:fs';
import {hostname} from 'node:os';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {expect} from 'chai';
import {tryLock, waitForLock} from '../../../src/common/files/lock-file.ts';
import {useTemporaryFolder} from '../../dataset/fixtures.ts';

const CHILD = join(import.meta.dirname, 'lock-file-child.ts');

/** Above the largest process id of any system. */
const NOBODY = 2 ** 30;

describe('a lock file', () => {
  const folder = useTemporaryFolder();
  const path = () => join(folder(), 'lock.json');
  const writeLock = (owner: object) => writeFileSync(path(), JSON.stringify(owner));

  it('contains its process id and host, and has one owner at a time', () => {
    const {release} = tryLock(path());
    expect(JSON.parse(readFileSync(path(), 'utf8'))).to.deep.equal({pid: process.pid, host: hostname()});
    expect(tryLock(path())).to.deep.equal({owner: `process ${process.pid}`});
    release!();
    expect(existsSync(path())).to.equal(false);
  });

  it('holds while its process is alive, and for another machine', () => {
    writeLock({pid: process.ppid, host: hostname()});
    expect(tryLock(path())).to.deep.equal({owner: `process ${process.ppid}`});
    writeLock({pid: NOBODY, host: 'elsewhere'});
    expect(tryLock(path())).to.deep.equal({owner: `process ${NOBODY} on elsewhere`});
  });

  it('is taken over from an ended process, without leftover files', () => {
    writeLock({pid: NOBODY, host: hostname()});
    const {release} = tryLock(path());
    expect(JSON.parse(readFileSync(path(), 'utf8')).pid).to.equal(process.pid);
    release!();
    expect(readdirSync(folder())).to.deep.equal([]);
  });

  it('is taken over by exactly one of many processes', async () => {
    writeLock({pid: NOBODY, host: hostname()});
    const children = [1, 2, 3].map(() => {
      const child = spawn(process.execPath, ['--import', 'tsx', CHILD, path()], {stdio: ['pipe', 'pipe', 'inherit']});
      return {child, lines: createInterface({input: child.stdout})[Symbol.asyncIterator]()};
    });
    await Promise.all(children.map(({lines}) => lines.next()));
    for (const {child} of children) child.stdin.write('go\n');
    const answers = await Promise.all(children.map(async ({lines}) => (await lines.next()).value));
    for (const {child} of children) child.stdin.end();
    expect(answers.sort()).to.deep.equal(['busy', 'busy', 'taken']);
  });

  it('is taken over even if another process was killed during a takeover', async () => {
    writeLock({pid: NOBODY, host: hostname()});
    const permit = `${path()}.takeover`;
    writeFileSync(permit, '');
    expect(tryLock(path())).to.deep.equal({owner: 'another process'});
    utimesSync(permit, 0, 0);
    tryLock(path()).release!();
    expect(readdirSync(folder())).to.deep.equal([]);
  });

  it('is taken over from an earlier process with the same id, as happens in containers', () => {
    writeLock({pid: process.pid, host: hostname()});
    tryLock(path()).release!();
  });

  it('is not released a second time if another process has acquired it since', () => {
    const {release} = tryLock(path());
    release!();
    writeLock({pid: process.ppid, host: hostname()});
    release!();
    expect(existsSync(path())).to.equal(true);
  });

  it('is waited for, with one notice', async () => {
    const {release} = tryLock(path());
    const owners: string[] = [];
    const waiting = waitForLock(path(), {onWait: (owner) => owners.push(owner)});
    let taken = false;
    void waiting.then(() => {
      taken = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(taken).to.equal(false);
    release!();
    (await waiting)();
    expect(owners).to.deep.equal([`process ${process.pid}`]);
    expect(existsSync(path())).to.equal(false);
  });

  it('is acquired by a waiting process as soon as its owner has died', async () => {
    writeFileSync(path(), '{"pid": ');
    const waiting = waitForLock(path(), {onWait: () => utimesSync(path(), 0, 0)});
    (await waiting)();
  });

  it('is taken over from another machine that no longer renews it', async () => {
    writeLock({pid: NOBODY, host: 'elsewhere'});
    const waits: string[] = [];
    const release = await waitForLock(path(), {patience: 100, onWait: (...wait) => waits.push(wait.join(', '))});
    expect(waits).to.deep.equal([`process ${NOBODY} on elsewhere, ${path()}`]);
    expect(JSON.parse(readFileSync(path(), 'utf8')).host).to.equal(hostname());
    release();
  });

  it('is not taken over from another machine that renews it', async () => {
    writeLock({pid: NOBODY, host: 'elsewhere'});
    const renewal = setInterval(() => utimesSync(path(), new Date(), new Date()), 50);
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error('enough')), 1500);
    const waiting = waitForLock(path(), {patience: 300, signal: stop.signal});
    expect((await waiting.catch((error) => error)).message).to.equal('enough');
    clearInterval(renewal);
  });

  it('is not waited for after an abort', async () => {
    tryLock(path());
    const stop = new AbortController();
    const reason = new Error('enough');
    const waiting = waitForLock(path(), {signal: stop.signal, onWait: () => stop.abort(reason)});
    expect(await waiting.catch((error) => error)).to.equal(reason);
    expect(await waitForLock(path(), {signal: stop.signal}).catch((error) => error)).to.equal(reason);
  });

  it('says why it cannot be written', async () => {
    writeFileSync(join(folder(), 'file'), '');
    const error = await waitForLock(join(folder(), 'file', 'lock.json')).catch((thrown) => thrown);
    expect(error.code).to.equal('PATH_NOT_FOUND');
  });
});
