import {expect} from 'chai';
import {ByteBudget, type ByteLease} from '../../../src/server/uploads/byte-budget.ts';

/** Of which 6 are a small body, 300 are for large ones, and 200 for the large ones of one client. */
const LIMIT = 400;

describe('the budget of bytes', () => {
  const refused = (lease: ByteLease, bytes: number) =>
    expect(() => lease.add(bytes))
      .to.throw()
      .with.property('code', 'SERVER_BUSY');

  it('is shared, and is released', () => {
    const budget = new ByteBudget(LIMIT);
    const [one, other] = [budget.lease('a'), budget.lease('b')];
    one.add(190);
    other.add(110);
    refused(one, 1);
    other.end();
    other.end();
    one.add(110);
    one.end();
    expect(budget.used).to.equal(0);
  });

  it('lets a single request exceed it', () => {
    const budget = new ByteBudget(LIMIT);
    const one = budget.lease('a');
    for (let i = 0; i < 5; i++) one.add(90);
    refused(budget.lease('b'), 1);
    one.end();
    budget.lease('a').add(1);
  });

  it('keeps room for small bodies', () => {
    const budget = new ByteBudget(LIMIT);
    for (const client of ['a', 'b', 'c']) budget.lease(client).add(100);
    refused(budget.lease('d'), 7);
    for (let i = 0; i < 16; i++) budget.lease(`d${i}`).add(6);
    refused(budget.lease('e'), 6);
  });

  it('keeps room for other clients', () => {
    const budget = new ByteBudget(LIMIT);
    budget.lease('a').add(100);
    const second = budget.lease('a');
    second.add(100);
    refused(second, 1);
    for (let i = 0; i < 16; i++) budget.lease('a').add(6);
    refused(budget.lease('a'), 6);
    budget.lease('b').add(4);
    second.end();
    budget.lease('a').add(4);
  });
});
