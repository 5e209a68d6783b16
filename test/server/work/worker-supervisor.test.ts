import {setImmediate} from 'node:timers/promises';
import {expect} from 'chai';
import {WorkerSupervisor} from '../../../src/server/work/worker-supervisor.ts';
import {FakeThreads, WARM_UP} from './fake-threads.ts';

describe('the supervisor', () => {
  function open(startable = () => true) {
    const started: FakeThreads[] = [];
    const events: string[] = [];
    const supervisor = new WorkerSupervisor(
      () => {
        const threads = new FakeThreads();
        if (!startable()) threads.ready = Promise.reject(new Error('no memory'));
        threads.ready.catch(() => {});
        started.push(threads);
        return threads;
      },
      2,
      WARM_UP,
      {
        onReady: () => events.push('ready'),
        onRestart: (error) => events.push(`restart: ${error.message}`),
        onGone: (error) => events.push(`gone: ${error.message}`),
      },
    );
    const until = async (count: number) => {
      while (events.length < count) await setImmediate();
    };
    return {supervisor, started, events, until};
  }

  it('has no free threads before all are ready', async () => {
    const {supervisor, started, until} = open();
    expect([supervisor.ready, supervisor.free]).to.deep.equal([false, 0]);
    await until(1);
    expect([supervisor.ready, supervisor.free]).to.deep.equal([true, 2]);
    const work = supervisor.work('pictures', [Uint8Array.of(1)]);
    expect(supervisor.free).to.equal(1);
    expect(supervisor.longest).to.be.above(0);
    started[0].batches[0].answer();
    await work;
    expect([supervisor.free, supervisor.longest]).to.deep.equal([2, 0]);
    await supervisor.close();
    expect([started[0].closed, supervisor.free]).to.deep.equal([true, 0]);
  });

  it('replaces threads when one has died, and loses only batches in progress', async () => {
    const {supervisor, started, events, until} = open();
    await until(1);
    const works = [1, 2].map((number) => supervisor.work('pictures', [Uint8Array.of(number)]));
    started[0].failed = true;
    for (const batch of started[0].batches) batch.fail(new Error('out of memory'));
    for (const work of works) expect((await work.catch((error) => error)).message).to.equal('out of memory');
    expect(supervisor.ready).to.equal(false);
    await until(3);
    expect(events).to.deep.equal(['ready', 'restart: out of memory', 'ready']);
    expect([started.length, started[0].closed, supervisor.free]).to.deep.equal([2, true, 2]);
    const next = supervisor.work('pictures', [Uint8Array.of(3)]);
    started[1].batches[0].answer();
    expect(await next).to.have.length(1);
  });

  it('keeps threads that only failed to answer', async () => {
    const {supervisor, started, events, until} = open();
    await until(1);
    const work = supervisor.work('windows', [Uint8Array.of(1)]);
    started[0].batches[0].fail(new Error('the model fails'));
    expect((await work.catch((error) => error)).message).to.equal('the model fails');
    expect([supervisor.free, events]).to.deep.equal([2, ['ready']]);
  });

  it('reports that threads cannot be started', async () => {
    const {events, until} = open(() => false);
    await until(1);
    expect(events).to.deep.equal(['gone: no memory']);
  });
});
