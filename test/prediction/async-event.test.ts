import {setImmediate} from 'node:timers/promises';
import {expect} from 'chai';
import {AsyncEvent} from '../../src/prediction/async-event.ts';

describe('AsyncEvent', () => {
  it('wakes the waiter, or keeps the notification for the next one', async () => {
    const event = new AsyncEvent();
    let next = 0;
    const wait = () => event.next().then(() => next++);
    event.notify();
    event.notify();
    await wait();
    const second = wait();
    await setImmediate();
    expect(next).to.equal(1);
    event.notify();
    await second;
    expect(next).to.equal(2);
  });
});
