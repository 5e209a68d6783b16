import {setImmediate} from 'node:timers/promises';
import {expect} from 'chai';
import {RiceError} from '../../../src/common/errors.ts';
import type {PictureScan} from '../../../src/scanning/scan-threads.ts';
import {ScanQueue, type ScanQueueLimits, type Scans} from '../../../src/server/work/scan-queue.ts';
import {drawFrame, encodePng} from '../../helpers/images.ts';

/** Threads whose scans the test answers. */
class FakeScans implements Scans {
  failed = false;
  closed = 0;
  readonly scans: {name: string; signal: AbortSignal; answer(): void; fail(error: Error): void}[] = [];

  constructor(readonly ready: Promise<void> = Promise.resolve()) {
    ready.catch(() => {});
  }

  scan(_bytes: Uint8Array, name: string, _options: object, signal: AbortSignal): Promise<PictureScan> {
    return new Promise((resolve, reject) => {
      const answer = () => resolve({picture: {path: name}} as unknown as PictureScan);
      this.scans.push({name, signal, answer, fail: reject});
    });
  }

  async close(): Promise<void> {
    this.closed++;
  }
}

/** A picture whose header declares the given number of pixels. */
function claiming(width: number, height: number): Buffer {
  const png = encodePng(drawFrame(1, 1, () => [0, 0, 0]));
  png.writeUInt32BE(width, 16);
  png.writeUInt32BE(height, 20);
  return png;
}

describe('the queue of scans', () => {
  const LIMITS = {threads: 1, waiting: 2, memory: 1e9};
  const seen: (string | undefined)[] = [];

  function open(limits: Partial<ScanQueueLimits> = {}, make = () => new FakeScans()) {
    seen.length = 0;
    const started: FakeScans[] = [];
    const start = () => {
      started.push(make());
      return started[started.length - 1];
    };
    const queue = new ScanQueue(
      start,
      {...LIMITS, ...limits},
      {
        onScan: (_, scan) => seen.push(scan?.picture.path),
        onWait: () => {},
      },
    );
    const {signal} = new AbortController();
    const ask = (name: string, {bytes = claiming(10, 10), until = signal} = {}) => {
      const answer = queue.scan({bytes, name, options: {}}, until).then(
        ({picture}) => picture.path,
        (error: RiceError) => `${error.code}: ${error.message}`,
      );
      return answer;
    };
    const names = () => started.flatMap(({scans}) => scans.map(({name}) => name));
    return {queue, started, ask, names};
  }

  it('starts threads with the first scan, and scans in the order of arrival', async () => {
    const {queue, started, ask, names} = open();
    expect(started).to.have.length(0);
    const answers = [ask('a'), ask('b'), ask('c')];
    await setImmediate();
    expect([names(), queue.depth]).to.deep.equal([['a'], 2]);
    for (const i of [0, 1, 2]) {
      started[0].scans[i].answer();
      await answers[i];
      await setImmediate();
    }
    expect(await Promise.all(answers)).to.deep.equal(['a', 'b', 'c']);
    expect([names(), seen, started.length]).to.deep.equal([['a', 'b', 'c'], ['a', 'b', 'c'], 1]);
  });

  it('refuses what is more than may wait', async () => {
    const {ask} = open();
    void ask('a');
    void ask('b');
    void ask('c');
    expect(await ask('d')).to.match(/^SERVER_BUSY: too many pictures wait to be scanned/);
  });

  it('drops a scan whose client has gone, and lets one in progress know', async () => {
    const {queue, started, ask, names} = open();
    const [first, second] = [new AbortController(), new AbortController()];
    const gone = new RiceError('REQUEST_INVALID', 'the client disconnected');
    const answers = [ask('a', {until: first.signal}), ask('b', {until: second.signal}), ask('c')];
    await setImmediate();
    second.abort(gone);
    expect(await answers[1]).to.equal('REQUEST_INVALID: the client disconnected');
    expect(queue.depth).to.equal(1);
    first.abort(gone);
    expect(await answers[0]).to.equal('REQUEST_INVALID: the client disconnected');
    const [{signal, fail}] = started[0].scans;
    expect(signal.aborted).to.equal(true);
    await setImmediate();
    // The thread is not free before its scan has ended.
    expect(names()).to.deep.equal(['a']);
    fail(new Error('nobody waits'));
    await setImmediate();
    expect(names()).to.deep.equal(['a', 'c']);
    expect(seen).to.deep.equal([undefined]);
  });

  it('scans large pictures one after the other, and small ones side by side', async () => {
    const {started, ask, names} = open({threads: 3, waiting: 5});
    const large = {bytes: claiming(10_000, 5000)};
    const answers = [ask('small'), ask('large', large), ask('other', large)];
    await setImmediate();
    expect(names()).to.deep.equal(['small', 'large']);
    started[0].scans[1].answer();
    await answers[1];
    await setImmediate();
    expect(names()).to.deep.equal(['small', 'large', 'other']);
  });

  it('scans alone what takes more memory than there is', async () => {
    const {ask, names} = open({threads: 2, memory: 1000});
    void ask('large', {bytes: claiming(10_000, 5000)});
    void ask('small');
    await setImmediate();
    expect(names()).to.deep.equal(['large']);
  });

  it('starts others where threads are gone or could not start, and answers what comes then', async () => {
    const {started, ask} = open();
    const lost = ask('a');
    await setImmediate();
    started[0].failed = true;
    started[0].scans[0].fail(new RiceError('INTERNAL', 'a worker thread failed'));
    expect(await lost).to.equal('INTERNAL: a worker thread failed');
    const next = ask('b');
    await setImmediate();
    expect([started.length, started[0].closed]).to.deep.equal([2, 1]);
    started[1].scans[0].answer();
    expect(await next).to.equal('b');

    let attempt = 0;
    const stumbling = open({}, () =>
      attempt++ === 0 ? new FakeScans(Promise.reject(new RiceError('MODEL_INVALID', 'replaced'))) : new FakeScans(),
    );
    expect(await stumbling.ask('a')).to.equal('MODEL_INVALID: replaced');
    const second = stumbling.ask('b');
    await setImmediate();
    stumbling.started[1].scans[0].answer();
    expect(await second).to.equal('b');
  });
});
