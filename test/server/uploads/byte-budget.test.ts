import {expect} from 'chai';
import {ByteBudget} from '../../../src/server/uploads/byte-budget.ts';

describe('the budget of bytes', () => {
  it('is shared, and is released', () => {
    const budget = new ByteBudget(100);
    const [one, other] = [budget.lease(), budget.lease()];
    one.add(60);
    other.add(40);
    expect(() => one.add(1))
      .to.throw()
      .with.property('code', 'SERVER_BUSY');
    other.end();
    other.end();
    one.add(40);
    one.end();
    expect(budget.used).to.equal(0);
  });

  it('lets a single request exceed it', () => {
    const budget = new ByteBudget(100);
    const one = budget.lease();
    for (let i = 0; i < 5; i++) one.add(90);
    expect(() => budget.lease().add(1))
      .to.throw()
      .with.property('reason', 'memory');
    one.end();
    budget.lease().add(1);
  });
});
