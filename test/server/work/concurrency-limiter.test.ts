import {expect} from 'chai';
import {ConcurrencyLimiter} from '../../../src/server/work/concurrency-limiter.ts';

describe('the limiter', () => {
  it('admits the given number at a time, and others when these have succeeded or failed', async () => {
    const limiter = new ConcurrencyLimiter(2);
    const leave: ((error?: Error) => void)[] = [];
    const enter = () =>
      limiter.through(
        () =>
          new Promise<string>((resolve, reject) => {
            leave.push((error) => (error ? reject(error) : resolve('done')));
          }),
      );
    const [one, two] = [enter(), enter()];
    const turnedAway = await enter().catch((error) => error);
    expect([turnedAway.code, turnedAway.reason]).to.deep.equal(['SERVER_BUSY', 'concurrency']);
    leave[0]();
    expect(await one).to.equal('done');
    const three = enter();
    leave[1](new Error('failed'));
    expect((await two.catch((error) => error)).message).to.equal('failed');
    const four = enter();
    leave[2]();
    leave[3]();
    expect(await Promise.all([three, four])).to.deep.equal(['done', 'done']);
  });
});
