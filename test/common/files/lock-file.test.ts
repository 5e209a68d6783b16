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

  it('names its process and host, and is held by one at a time', () => {
    const {release} = tryLock(path());
    expect(JSON.parse(readFileSync(path(), 'utf8'))).to.deep.equal({pid: process.pid, host: hostname()});
    expect(tryLock(path())).to.deep.equal({owner: `process ${process.pid}`});
    release!();
    expect(existsSync(path())).to.equal(false);
  });

  it('holds while its process lives, and on another machine', () => {
    writeLock({pid: process.ppid, host: hostname()});
    expect(tryLock(path())).to.deep.equal({owner: `process ${process.ppid}`});
    writeLock({pid: NOBODY, host: 'elsewhere'});
    expect(tryLock(path())).to.deep.equal({owner: `process ${NOBODY} on elsewhere`});
  });

  it('is taken over from a process that is gone, and leaves nothing beside it', () => {
    writeLock({pid: NOBODY, host: hostname()});
    const {release} = tryLock(path());
    expect(JSON.parse(readFileSync(path(), 'utf8')).pid).to.equal(process.pid);
    release!();
    expect(readdirSync(folder())).to.deep.equal([]);
  });

  it('is taken over by one of many that see that its process is gone', async () => {
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

  it('is taken over where another process was killed while it did the same', async () => {
    writeLock({pid: NOBODY, host: hostname()});
    const permit = `${path()}.takeover`;
    writeFileSync(permit, '');
    expect(tryLock(path())).to.deep.equal({owner: 'another process'});
    utimesSync(permit, 0, 0);
    tryLock(path()).release!();
    expect(readdirSync(folder())).to.deep.equal([]);
  });

  it('is taken over from an earlier process that had the number of this one, as happens in containers', () => {
    writeLock({pid: process.pid, host: hostname()});
    tryLock(path()).release!();
  });

  it('is released once: not when another process has taken it since', () => {
    const {release} = tryLock(path());
    release!();
    writeLock({pid: process.ppid, host: hostname()});
    release!();
    expect(existsSync(path())).to.equal(true);
  });

  it('is waited for, which is told once', async () => {
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

  it('is taken while it is waited for, as soon as its process has died', async () => {
    writeFileSync(path(), '{"pid": ');
    const waiting = waitForLock(path(), {onWait: () => utimesSync(path(), 0, 0)});
    (await waiting)();
  });

  it('is taken over from another machine that does not renew it any more', async () => {
    writeLock({pid: NOBODY, host: 'elsewhere'});
    const waits: string[] = [];
    const release = await waitForLock(path(), {patience: 100, onWait: (...wait) => waits.push(wait.join(', '))});
    expect(waits).to.deep.equal([`process ${NOBODY} on elsewhere, ${path()}`]);
    expect(JSON.parse(readFileSync(path(), 'utf8')).host).to.equal(hostname());
    release();
  });

  it('is left to another machine that renews it', async () => {
    writeLock({pid: NOBODY, host: 'elsewhere'});
    const renewal = setInterval(() => utimesSync(path(), new Date(), new Date()), 50);
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error('enough')), 1500);
    const waiting = waitForLock(path(), {patience: 300, signal: stop.signal});
    expect((await waiting.catch((error) => error)).message).to.equal('enough');
    clearInterval(renewal);
  });

  it('is not waited for after the signal', async () => {
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
