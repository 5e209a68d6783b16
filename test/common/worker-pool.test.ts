import {join} from 'node:path';
import {expect} from 'chai';
import {WorkerLost, WorkerPool} from '../../src/common/worker-pool.ts';
import {useTemporaryFolder, writeTree} from '../dataset/fixtures.ts';

const ECHO = `
import {parentPort, threadId, workerData} from 'node:worker_threads';
parentPort.on('message', (message) => {
  if (message === 'rice: rest') return parentPort.postMessage('rice: rested');
  if (message === 'throw') throw new Error('out of rice');
  if (message === 'exit') process.exit(3);
  setTimeout(() => parentPort.postMessage({message, threadId, workerData}), message % 3);
});
`;

describe('WorkerPool', () => {
  const temporary = useTemporaryFolder();

  function open(threads: number): WorkerPool<unknown, {message: unknown; threadId: number; workerData: string}> {
    writeTree(temporary(), {'echo.mjs': ECHO});
    return new WorkerPool({file: join(temporary(), 'echo.mjs'), execArgv: []}, threads, 'data');
  }

  it('answers every request with its own reply, using all threads', async () => {
    const pool = open(3);
    const replies = await Promise.all(Array.from({length: 50}, (_, i) => pool.run(i)));
    await pool.close();
    expect(replies.map(({message}) => message)).to.deep.equal(Array.from({length: 50}, (_, i) => i));
    expect(new Set(replies.map(({threadId}) => threadId)).size).to.equal(3);
    expect(replies[0].workerData).to.equal('data');
  });

  for (const [message, reason] of [
    ['throw', 'out of rice'],
    ['exit', 'ended with code 3'],
  ]) {
    it(`fails all open and later requests if a thread dies by ${message}`, async () => {
      const pool = open(1);
      const outcomes = await Promise.allSettled([pool.run(1), pool.run(message), pool.run(2)]);
      expect(outcomes.map(({status}) => status)).to.deep.equal(['fulfilled', 'rejected', 'rejected']);
      const error = await pool.run(3).catch((late: Error) => late);
      expect(error).to.have.property('code', 'INTERNAL');
      expect(error).to.have.property('message').that.includes(reason);
      await pool.close();
    });
  }

  it('drains: finishes the running tasks, and starts no others', async () => {
    const pool = open(2);
    const answered: unknown[] = [];
    for (let i = 0; i < 4; i++) void pool.run(i).then(({message}) => answered.push(message));
    await pool.drain();
    expect(answered.sort()).to.deep.equal([0, 1]);
    await pool.drain();
    expect(answered).to.have.length(2);
    await pool.close();
  });

  it('drains if a thread dies, and waits for the others', async () => {
    const pool = open(2);
    const outcomes = Promise.allSettled([pool.run(2), pool.run('throw')]);
    await pool.drain();
    expect((await outcomes)[1].status).to.equal('rejected');
    await pool.close();
  });
});

describe('WorkerPool that replaces dead threads', () => {
  const temporary = useTemporaryFolder();
  const HANG = `${ECHO.replace("if (message === 'exit')", "if (message === 'hang') for (;;);\n  if (message === 'exit')")}`;

  function open(threads: number, stallMs = 60_000) {
    writeTree(temporary(), {'echo.mjs': HANG});
    const lost: string[] = [];
    const pool = new WorkerPool<unknown, {message: unknown; workerData: {slot: number}}>(
      {file: join(temporary(), 'echo.mjs'), execArgv: []},
      threads,
      {},
      {stallMs, progress: () => 0, onLost: (slot, cause) => lost.push(`${slot}: ${cause.message}`)},
    );
    return {pool, lost};
  }

  for (const message of ['throw', 'exit'])
    it(`fails one request if its thread dies by ${message}, and answers the others`, async () => {
      const {pool, lost} = open(2);
      await Promise.all([pool.run(1), pool.run(2), pool.run(3), pool.run(4)]);
      const outcomes = await Promise.allSettled([message, 1, message, 2, message, 3].map((each) => pool.run(each)));
      expect(outcomes.map(({status}) => status === 'fulfilled')).to.deep.equal([false, true, false, true, false, true]);
      for (const outcome of outcomes)
        if (outcome.status === 'rejected') expect(outcome.reason).to.be.instanceOf(WorkerLost);
      expect(lost).to.have.length(3);
      expect(pool.failed).to.equal(false);
      await pool.close();
    });

  it('ends a thread that does not get on', async () => {
    const {pool, lost} = open(1, 300);
    await pool.run(1);
    const error = await pool.run('hang').catch((reason: Error) => reason);
    expect(error).to.be.instanceOf(WorkerLost);
    expect(lost).to.deep.equal(['0: it took longer than 0.3 s']);
    expect((await pool.run(2)).workerData.slot).to.equal(0);
    await pool.close();
  });

  it('fails as a whole if a thread dies before its first reply', async () => {
    const {pool} = open(1);
    const error = await pool.run('exit').catch((reason: Error) => reason);
    expect(error).not.to.be.instanceOf(WorkerLost);
    expect(pool.failed).to.equal(true);
    await pool.close();
  });
});
