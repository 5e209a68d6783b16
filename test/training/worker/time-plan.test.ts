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
