import {setImmediate} from 'node:timers/promises';
import {expect} from 'chai';
import {Bell} from '../../src/prediction/bell.ts';

describe('a bell', () => {
  it('wakes who waits, and whoever comes next where nobody does', async () => {
    const bell = new Bell();
    let heard = 0;
    const wait = () => bell.heard().then(() => heard++);
    bell.ring();
    bell.ring();
    await wait();
    const second = wait();
    await setImmediate();
    expect(heard).to.equal(1);
    bell.ring();
    await second;
    expect(heard).to.equal(2);
  });
});
