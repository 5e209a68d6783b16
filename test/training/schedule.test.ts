import {expect} from 'chai';
import {averageDecay, learningRate, type ScheduleOptions, statisticsMomentum} from '../../src/training/schedule.ts';

const OPTIONS: ScheduleOptions = {
  epochs: 10,
  learningRate: 0.1,
  warmupEpochs: 2,
  finalShare: 0.01,
  weightDecay: 0,
  averageDecay: 0.99,
};
const PER_EPOCH = 50;

describe('training: schedule', () => {
  it('rises linearly over the warm-up, then follows a cosine decay to the final share', () => {
    for (const [step, rate] of [
      [0, 0.001],
      [1, 0.002],
      [49, 0.05],
      [98, 0.099],
      [99, 0.1],
      // Halfway: the mean of 1 and 0.01.
      [299, 0.1 * 0.505],
      // A quarter of the way: (1 + cos 45 degrees) / 2.
      [199, 0.1 * (0.01 + 0.99 * 0.8535533905932737)],
      [499, 0.001],
    ])
      expect(learningRate(step, PER_EPOCH, OPTIONS), `step ${step}`).to.be.closeTo(rate, 1e-12);
  });

  it('never jumps and is never 0', () => {
    for (const warmupEpochs of [0, 0.5, 0.013, 2]) {
      let before = warmupEpochs > 1 ? 0 : OPTIONS.learningRate;
      for (let step = 0; step < 500; step++) {
        const rate = learningRate(step, PER_EPOCH, {...OPTIONS, warmupEpochs});
        expect(rate).to.be.within(Number.MIN_VALUE, OPTIONS.learningRate);
        if (step > 0) expect(Math.abs(rate - before)).to.be.below(0.1 / (warmupEpochs * PER_EPOCH || 1) + 0.0005);
        before = rate;
      }
    }
  });

  it('works for a single step', () => {
    expect(learningRate(0, 1, {...OPTIONS, epochs: 1, warmupEpochs: 0})).to.be.closeTo(0.001, 1e-12);
  });

  it('averages over few steps at first, then with the given decay', () => {
    expect(averageDecay(0, OPTIONS)).to.equal(1 / 10);
    expect(averageDecay(8, OPTIONS)).to.equal(9 / 18);
    expect(averageDecay(890, OPTIONS)).to.equal(0.99);
    expect(averageDecay(1e6, OPTIONS)).to.equal(0.99);
  });

  it('makes the running statistics the mean of the first ten batches, then a moving average', () => {
    const batches = [5, 1, 4, 4, 9, 2, 7, 7, 0, 3];
    let running = 1e3;
    batches.forEach((value, step) => {
      running += statisticsMomentum(step) * (value - running);
    });
    expect(running).to.be.closeTo(4.2, 1e-9);
    expect(statisticsMomentum(10)).to.equal(0.1);
    expect(statisticsMomentum(1e6)).to.equal(0.1);
  });
});
