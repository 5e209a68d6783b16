import {setImmediate} from 'node:timers/promises';
import {expect} from 'chai';
import {Crew} from '../../../src/server/work/crew.ts';
import {FakeThreads, PRACTICE} from './fake-threads.ts';

describe('the crew', () => {
  function open(startable = () => true) {
    const started: FakeThreads[] = [];
    const events: string[] = [];
    const crew = new Crew(
      () => {
        const threads = new FakeThreads();
        if (!startable()) threads.ready = Promise.reject(new Error('no memory'));
        threads.ready.catch(() => {});
        started.push(threads);
        return threads;
      },
      2,
      PRACTICE,
      {
        onReady: () => events.push('ready'),
        onRestart: (error) => events.push(`restart: ${error.message}`),
        onGone: (error) => events.push(`gone: ${error.message}`),
      },
    );
    const until = async (count: number) => {
      while (events.length < count) await setImmediate();
    };
    return {crew, started, events, until};
  }

  it('has nobody free before all are ready, and then as many as there are', async () => {
    const {crew, started, until} = open();
    expect([crew.ready, crew.free]).to.deep.equal([false, 0]);
    await until(1);
    expect([crew.ready, crew.free]).to.deep.equal([true, 2]);
    const work = crew.work('pictures', [Uint8Array.of(1)]);
    expect(crew.free).to.equal(1);
    expect(crew.longest).to.be.above(0);
    started[0].batches[0].answer();
    await work;
    expect([crew.free, crew.longest]).to.deep.equal([2, 0]);
    await crew.close();
    expect([started[0].closed, crew.free]).to.deep.equal([true, 0]);
  });

  it('replaces threads that have died, and loses only what they had begun', async () => {
    const {crew, started, events, until} = open();
    await until(1);
    const works = [1, 2].map((number) => crew.work('pictures', [Uint8Array.of(number)]));
    started[0].failed = true;
    for (const batch of started[0].batches) batch.fail(new Error('out of memory'));
    for (const work of works) expect((await work.catch((error) => error)).message).to.equal('out of memory');
    expect(crew.ready).to.equal(false);
    await until(3);
    expect(events).to.deep.equal(['ready', 'restart: out of memory', 'ready']);
    expect([started.length, started[0].closed, crew.free]).to.deep.equal([2, true, 2]);
    const next = crew.work('pictures', [Uint8Array.of(3)]);
    started[1].batches[0].answer();
    expect(await next).to.have.length(1);
  });

  it('keeps threads that only could not answer', async () => {
    const {crew, started, events, until} = open();
    await until(1);
    const work = crew.work('windows', [Uint8Array.of(1)]);
    started[0].batches[0].fail(new Error('the model fails'));
    expect((await work.catch((error) => error)).message).to.equal('the model fails');
    expect([crew.free, events]).to.deep.equal([2, ['ready']]);
  });

  it('tells when there are no threads to be had', async () => {
    const {events, until} = open(() => false);
    await until(1);
    expect(events).to.deep.equal(['gone: no memory']);
  });
});
