import type {ScheduleOptions} from '../schedule.ts';

/** The first steps of a process are slower than all others. */
const UNMEASURED_STEPS = 2;
/** How much a new step weighs in the mean duration of one. */
const NEWEST = 0.03;
/** An evaluated picture takes about this share of the time that a trained one takes. */
const EVALUATED = 0.4;
/** Pictures are calibrated with in one thread, and each twice. */
const CALIBRATED = 4;
const MOST_CALIBRATED = 6000;
/** Least seconds to open sessions and to write the model, which take about as long as it took to begin. */
const CLOSING = 1.5;
/** Seconds for each picture of the test part, which is decoded anew. */
const TESTED = 0.0015;
/** A last epoch that is shorter than this share of one is not worth its evaluation. */
const SHORTEST = 0.1;
/** Seconds between two plans. */
const PLANNED_EVERY = 0.25;
/** The largest share of a shortened training in which the learning rate rises. */
const WARM_UP = 0.2;

export interface TimePlanOptions {
  /** Seconds for the whole training, with the making and measuring of the model, and those that are used already. */
  limit: number;
  spent: number;
  images: {train: number; validation: number; test: number};
  batchSize: number;
  stepsPerEpoch: number;
  /** Most steps, which a run makes if there is time for them. */
  most: number;
  /** The number of steps that an interrupted run had planned. */
  planned?: number | undefined;
  /** Seconds since this process began. */
  clock: () => number;
}

/**
 * Plans a training so that it ends in time, with its learning rate at the end of the schedule: measures how long steps and
 * evaluations take, sets aside what making and measuring the model will take, and spreads the schedule over the steps that
 * fit into the rest ("budgeted training", Li, Yumer & Ramanan 2020, arXiv:1905.04753). The plan is made anew all the time,
 * so that a machine that becomes slower still ends annealed: each new plan changes the rest only a little.
 */
export class TimePlan {
  readonly #options: TimePlanOptions;
  #planned: number;
  #plannedAt = Number.NEGATIVE_INFINITY;
  #last: number | undefined;
  #steps = 0;
  /** Seconds for a step and for an evaluation of all validation pictures; undefined until one was measured. */
  #step: number | undefined;
  #evaluation: number | undefined;
  #beginning = 0;
  #featured = {until: 0, seconds: 0};

  constructor(options: TimePlanOptions) {
    this.#options = options;
    this.#planned = options.planned ?? options.most;
  }

  /** Seconds that the run has taken, with those of earlier processes. */
  get spent(): number {
    return this.#options.spent + this.#options.clock();
  }

  /**
   * Call after the features of pictures were computed, which is done once, where only a classifier learns.
   *
   * @param seconds for the features of one picture; 0 if they were there already
   */
  featured(seconds: number): void {
    this.#featured = {until: this.#options.clock(), seconds};
  }

  /** Call before the first step. */
  began(): void {
    this.#beginning = this.#options.clock() - this.#featured.until;
  }

  /** Call after each step. */
  stepped(): void {
    const now = this.#options.clock();
    if (this.#last !== undefined && ++this.#steps > UNMEASURED_STEPS) {
      const seconds = now - this.#last;
      const weight = Math.max(NEWEST, 1 / (this.#steps - UNMEASURED_STEPS));
      this.#step = this.#step === undefined ? seconds : this.#step + weight * (seconds - this.#step);
    }
    this.#last = now;
  }

  /** Call before each evaluation, and after what is written when it is done: its time is none of the steps'. */
  evaluating(): () => void {
    const began = this.#options.clock();
    return () => {
      this.#last = this.#options.clock();
      this.#evaluation = this.#last - began;
      this.#plannedAt = Number.NEGATIVE_INFINITY;
    };
  }

  /**
   * The number of steps after which the training should end, of which `done` are done. At least one is made, without which
   * there is no model.
   */
  steps(done: number): number {
    const {most, stepsPerEpoch, limit, clock} = this.#options;
    const now = clock();
    if (this.#step === undefined || now - this.#plannedAt < PLANNED_EVERY) return this.#planned;
    this.#plannedAt = now;
    const evaluation = this.#evaluation ?? this.#estimatedEvaluation(this.#step);
    const left = limit - this.spent - this.#ending(evaluation);
    // The last epoch may be a part of one, which is evaluated as well.
    const fits = Math.floor((left - evaluation) / Math.max(1e-9, this.#step + evaluation / stepsPerEpoch));
    const total = Math.min(most, Math.max(done + fits, done, 1));
    const beyond = total % stepsPerEpoch;
    this.#planned = beyond < SHORTEST * stepsPerEpoch && total - beyond >= Math.max(1, done) ? total - beyond : total;
    return this.#planned;
  }

  #estimatedEvaluation(step: number): number {
    const {images, batchSize} = this.#options;
    return EVALUATED * step * Math.ceil(images.validation / batchSize);
  }

  /** Seconds from the last step to the measured model. */
  #ending(evaluation: number): number {
    const {train, validation, test} = this.#options.images;
    const perImage = evaluation / Math.max(1, validation);
    const closing = Math.max(CLOSING, this.#beginning);
    const tested = (TESTED + this.#featured.seconds) * test;
    return closing + CALIBRATED * perImage * (validation + Math.min(train, MOST_CALIBRATED)) + tested;
  }
}

/** A schedule over fewer steps than its epochs have, with a warm-up that leaves room for the rest. */
export function shortenedSchedule(schedule: ScheduleOptions, steps: number, stepsPerEpoch: number): ScheduleOptions {
  const epochs = steps / stepsPerEpoch;
  if (epochs >= schedule.epochs) return schedule;
  return {...schedule, epochs, warmupEpochs: Math.min(schedule.warmupEpochs, WARM_UP * epochs)};
}
