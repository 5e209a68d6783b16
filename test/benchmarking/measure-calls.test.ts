import {setImmediate} from 'node:timers/promises';
import {expect} from 'chai';
import {measureCalls} from '../../src/benchmarking/worker/measure-calls.ts';

describe('benchmarking: repeated calls', () => {
  /** A clock that only calls move, and the numbers of these calls. */
  function calls(durationOf: (index: number) => number) {
    let time = 0;
    const made: number[] = [];
    const call = async (index: number) => {
      made.push(index);
      time += durationOf(index);
    };
    return {call, made, now: () => time};
  }

  it('last as long as they were asked to, and warm-up does not count', async () => {
    // Slow while code is compiled, then 10 ms each.
    const {call, made, now} = calls((index) => (index < 3 ? 100 : 10));
    // Two threads of this process are busy all the time.
    const options = {milliseconds: 95, warmUp: 250, atOnce: 1, now, processor: () => 2 * now()};
    const {durations, perSecond, processor} = await measureCalls(call, options);
    expect(processor).to.equal(20);
    expect(durations).to.deep.equal(Array(10).fill(10));
    expect(perSecond).to.be.closeTo(100, 1e-9);
    expect(made).to.deep.equal(Array.from({length: 13}, (_, i) => i));
  });

  it('are made at least once, however long they take', async () => {
    const {call, now} = calls(() => 5000);
    const {durations, perSecond} = await measureCalls(call, {milliseconds: 1, warmUp: 0, atOnce: 1, now});
    expect(durations).to.deep.equal([5000]);
    expect(perSecond).to.be.closeTo(0.2, 1e-9);
  });

  it('overlap as many as are wanted', async () => {
    let open = 0;
    let most = 0;
    const call = async () => {
      most = Math.max(most, ++open);
      await setImmediate();
      open--;
    };
    const {durations} = await measureCalls(call, {milliseconds: 5, warmUp: 1, atOnce: 3});
    expect(most).to.equal(3);
    expect(durations.length).to.be.at.least(3);
  });
});
