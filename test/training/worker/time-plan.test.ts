import {expect} from 'chai';
import {learningRate} from '../../../src/training/schedule.ts';
import {shortenedSchedule, TimePlan} from '../../../src/training/worker/time-plan.ts';

const SCHEDULE = {
  epochs: 22,
  learningRate: 3e-3,
  warmupEpochs: 0.5,
  finalShare: 0.01,
  weightDecay: 0.02,
  averageDecay: 0.998,
};
const IMAGES = {train: 48_000, validation: 6000, test: 6000};
const PER_EPOCH = 750;

/** A machine with a clock of its own, on which each step takes what `seconds` says at its time. */
function simulate({limit, evaluation, step}: {limit: number; evaluation: number; step: (now: number) => number}) {
  let now = 1;
  const plan = new TimePlan({
    limit,
    spent: 0,
    images: IMAGES,
    batchSize: 64,
    stepsPerEpoch: PER_EPOCH,
    most: 22 * PER_EPOCH,
    clock: () => now,
  });
  const rates: number[] = [];
  let done = 0;
  let evaluations = 0;
  while (done < plan.steps(done)) {
    const schedule = shortenedSchedule(SCHEDULE, plan.steps(done), PER_EPOCH);
    rates.push(learningRate(done, PER_EPOCH, schedule));
    now += step(now);
    done++;
    plan.stepped();
    if (done % PER_EPOCH === 0 || done >= plan.steps(done)) {
      const evaluated = plan.evaluating();
      now += evaluation;
      evaluations++;
      evaluated();
    }
  }
  return {seconds: now, done, rates, evaluations};
}

describe('the plan of a training with a limit of time', () => {
  it('sets time aside to test with a network of which only the classifier learns, but none to compute its features again', () => {
    let now = 0;
    const plan = new TimePlan({
      limit: 300,
      spent: 0,
      images: IMAGES,
      batchSize: 64,
      stepsPerEpoch: PER_EPOCH,
      most: 10_000 * PER_EPOCH,
      clock: () => now,
    });
    now += 120;
    plan.featured(0.01);
    now += 3;
    plan.began();
    for (let done = 0; done < 30; done++) {
      now += 0.001;
      plan.stepped();
    }
    const evaluated = plan.evaluating();
    now += 0.006;
    evaluated();
    // Beside 123 s that are over: 3 s to close, 12,000 evaluated pictures at 4 us, 6000 tested ones at 11.5 ms.
    const seconds = 300 - 123 - 3 - 0.05 - 69;
    expect(plan.steps(30) * 0.001).to.be.within(0.97 * seconds, seconds);
  });

  it('ends in time, annealed, with most of the time used, whatever a step takes', () => {
    for (const [name, step] of [
      ['steady', () => 0.05],
      ['slower later', (now: number) => (now > 100 ? 0.08 : 0.04)],
      ['faster later', (now: number) => (now > 100 ? 0.03 : 0.06)],
      ['uneven', (now: number) => 0.05 * (1 + 0.5 * Math.sin(now))],
    ] as const) {
      const {seconds, rates, evaluations} = simulate({limit: 300, evaluation: 2, step});
      expect(seconds, name).to.be.within(240, 300);
      expect(rates.at(-1), name).to.be.closeTo(SCHEDULE.learningRate * SCHEDULE.finalShare, 3e-6);
      expect(Math.max(...rates), name).to.be.within(2.9e-3, 3e-3);
      const largest = Math.max(...rates.slice(1).map((rate, i) => Math.abs(rate - rates[i])));
      expect(largest, `${name}: no jumps`).to.be.below(2e-4);
      expect(evaluations, name).to.be.at.least(4);
    }
  });

  it('ends in time also where an epoch is one step, which its evaluation and checkpoint outlast', () => {
    let now = 1;
    const plan = new TimePlan({
      limit: 30,
      spent: 0,
      images: {train: 96, validation: 12, test: 12},
      batchSize: 64,
      stepsPerEpoch: 1,
      most: 100_000,
      clock: () => now,
    });
    let done = 0;
    while (done < plan.steps(done)) {
      now += 0.001;
      done++;
      plan.stepped();
      const evaluated = plan.evaluating();
      now += 0.04;
      evaluated();
    }
    expect(now).to.be.within(24, 30);
  });

  it('makes all epochs and no more if there is time for them', () => {
    const {done, rates} = simulate({limit: 10_000, evaluation: 2, step: () => 0.05});
    expect(done).to.equal(22 * PER_EPOCH);
    expect(rates[5000]).to.equal(learningRate(5000, PER_EPOCH, SCHEDULE));
  });

  it('makes a part of an epoch where there is no time for a whole one, and never none', () => {
    const {done, seconds, rates} = simulate({limit: 50, evaluation: 2, step: () => 0.05});
    expect(done).to.be.within(200, PER_EPOCH - 1);
    expect(seconds).to.be.below(50);
    expect(rates.at(-1)).to.be.below(1e-4);
    expect(simulate({limit: 1, evaluation: 2, step: () => 0.05}).done).to.be.within(1, 5);
  });
});
