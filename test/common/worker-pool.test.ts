import {join} from 'node:path';
import {expect} from 'chai';
import {WorkerPool} from '../../src/common/worker-pool.ts';
import {useTemporaryFolder, writeTree} from '../dataset/fixtures.ts';

const ECHO = `
import {parentPort, threadId, workerData} from 'node:worker_threads';
parentPort.on('message', (message) => {
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
