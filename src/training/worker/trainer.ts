/** The training loop: steps, an evaluation after each epoch, and checkpoints, until it is done or asked to stop. */

import {join} from 'node:path';
import {RiceError} from '../../common/errors.ts';
import {perSecond} from '../../common/rate.ts';
import type {Part} from '../../dataset/split.ts';
import {
  type EpochMetrics,
  type Progress,
  readProgress,
  readState,
  type State,
  writeProgress,
  writeState,
} from '../artifact/checkpoint.ts';
import {EVALUATION_FILE, type Manifest, readDigested, readManifest, STEP_FILE} from '../artifact/manifest.ts';
import {openImages} from '../artifact/open-images.ts';
import {positionsOf} from '../artifact/parts.ts';
import type {Batches} from '../batches/batches.ts';
import {BatchLoader} from '../batches/loader.ts';
import {stepsPerEpoch} from '../batches/sampler.ts';
import {defaultThreads} from '../configuration.ts';
import type {Ended} from '../ended.ts';
import {computeFeatures} from '../features/compute-features.ts';
import {FeatureBatches} from '../features/feature-batches.ts';
import {FeatureFile, VIEWS} from '../features/feature-file.ts';
import {isBetter, isExhausted} from '../limits.ts';
import {OPTIMIZERS} from '../optimizers.ts';
import {averageDecay, learningRate, type ScheduleOptions, statisticsMomentum} from '../schedule.ts';
import {Evaluator} from './evaluator.ts';
import type {WorkerMessage} from './messages.ts';
import {openStepSession, type StepSession} from './step-session.ts';
import {shortenedSchedule, TimePlan} from './time-plan.ts';

const CHECKPOINT_MS = 20_000;
const REPORT_MS = 100;
const NO_SUMS = {loss: 0, correct: 0, labelled: 0, images: 0};

export class Trainer {
  readonly #manifest: Manifest;
  #progress: Progress;
  #stopping = false;
  #lastCheckpoint = Date.now();
  #lastReport = 0;
  /** Only if the run has a limit of time. */
  #plan: TimePlan | undefined;

  readonly #folder: string;
  readonly #report: (message: WorkerMessage) => void;

  constructor(folder: string, report: (message: WorkerMessage) => void) {
    this.#folder = folder;
    this.#report = report;
    const manifest = readManifest(folder);
    // One core prepares the batches. The results do not depend on the number of threads, to the last bit.
    this.#manifest = {...manifest, threads: manifest.threads ?? defaultThreads()};
    const progress = readProgress(folder);
    if (!progress) throw new RiceError('RUN_DAMAGED', `${folder} has no checkpoint to start from`);
    this.#progress = progress;
  }

  /** Asks the loop to write a checkpoint and return after the current step. */
  stop(): void {
    this.#stopping = true;
  }

  async run(): Promise<void> {
    const folder = this.#folder;
    const manifest = this.#manifest;
    const started = Date.now();
    const {train, validation, test} = this.#parts();
    const perEpoch = stepsPerEpoch(train.length, manifest.batchSize);
    const images = {train: train.length, validation: validation.length};
    this.#plan = this.#timePlan(perEpoch, {...images, test});
    if (manifest.features && !(await this.#computeFeatures(train, validation))) {
      this.#reportEnd(false, perEpoch, 0);
      return;
    }
    const loader = this.#batches(train, validation);
    try {
      const state = readState(folder, this.#progress.state, manifest.state);
      const warn = (message: string) => this.#report({type: 'warning', message});
      const graph = readDigested(folder, manifest, STEP_FILE);
      const session = await this.#loading(STEP_FILE, () =>
        openStepSession(graph, this.#withChosenDevice(), state, warn),
      );
      const evaluator = await this.#loading(EVALUATION_FILE, () =>
        Evaluator.open(readDigested(folder, manifest, EVALUATION_FILE), session.device, manifest),
      );
      this.#progress.device = session.device;
      this.#plan?.began();
      this.#report({
        type: 'started',
        device: session.device,
        step: this.#progress.step,
        steps: this.#steps(perEpoch),
        stepsPerEpoch: perEpoch,
        images,
        parameters: manifest.layout.parameterCount,
        allParameters: manifest.layout.parameterCount + (manifest.frozen?.parameterCount ?? 0),
      });
      while (!this.#ended(perEpoch) && !this.#stopping) {
        await this.#runEpoch(session, evaluator, loader, perEpoch);
      }
      const ended = this.#ended(perEpoch);
      this.#checkpoint(await session.state(), ended);
      this.#reportEnd(ended !== undefined, perEpoch, Math.max(0, Date.now() - started) / 1000);
      await session.release();
      await evaluator.release();
    } finally {
      await loader.close();
    }
  }

  #batches(train: Uint32Array, validation: Uint32Array): Batches {
    const folder = this.#folder;
    const {seed, batchSize, augmentation, schedule, input: size, noise, features} = this.#manifest;
    const {epochs} = schedule;
    const noiseLengths = noise.map(({shape}) => shape.reduce((product, length) => product * length, 1));
    const common = {seed, batchSize, epochs, augmentation, train, validation, noiseLengths};
    if (!features) return new BatchLoader({artifact: folder, size, ...common});
    const file = FeatureFile.open(folder, features.length, [...train, ...validation]);
    return new FeatureBatches({features: file, length: features.length, cache: openImages(folder), ...common});
  }

  /** Where only the classifier learns, what it gets of each picture stays the same. */
  async #computeFeatures(train: Uint32Array, validation: Uint32Array): Promise<boolean> {
    const pictures = [...train, ...validation];
    const began = performance.now();
    let first: number | undefined;
    const complete = await computeFeatures({
      artifact: this.#folder,
      manifest: this.#manifest,
      pictures,
      onProgress: (done, total) => {
        first ??= done;
        this.#report({type: 'features', done, total});
      },
      stopping: () => this.#stopping,
    });
    const views = VIEWS * (pictures.length - (first ?? pictures.length));
    this.#plan?.featured(views > 0 ? (performance.now() - began) / 1000 / views : 0);
    return complete;
  }

  /** If onnxruntime cannot load a graph, it was changed since it was written. */
  async #loading<Loaded>(file: string, load: () => Promise<Loaded>): Promise<Loaded> {
    try {
      return await load();
    } catch (error) {
      if (error instanceof RiceError) throw error;
      throw new RiceError('RUN_DAMAGED', `${join(this.#folder, file)} cannot be loaded: ${(error as Error).message}`, {
        cause: error,
      });
    }
  }

  /** Runs the rest of the current epoch, and its evaluation unless asked to stop. */
  async #runEpoch(session: StepSession, evaluator: Evaluator, loader: Batches, perEpoch: number): Promise<void> {
    const epoch = Math.floor(this.#progress.step / perEpoch);
    const from = this.#progress.step % perEpoch;
    const start = {at: performance.now(), images: this.#progress.epoch.images};
    const rate = () => perSecond(this.#progress.epoch.images - start.images, performance.now() - start.at);
    const {epochs} = this.#schedule(perEpoch);
    for await (const batch of loader.training(epoch, from, perEpoch, epochs)) {
      const {loss, correct, labelled} = await session.run({...batch, scalars: this.#scalars(perEpoch)});
      if (!Number.isFinite(loss)) {
        throw new RiceError(
          'TRAINING_DIVERGED',
          `the loss became ${loss} at step ${this.#progress.step + 1} (epoch ${epoch + 1})`,
        );
      }
      this.#count(loss, correct, labelled);
      this.#plan?.stepped();
      this.#reportStep(epoch + 1, rate(), perEpoch);
      if (this.#progress.step % perEpoch === 0 || this.#progress.step >= this.#steps(perEpoch)) break;
      if (Date.now() - this.#lastCheckpoint > CHECKPOINT_MS) this.#checkpoint(await session.state());
      if (this.#stopping) return;
    }
    const imagesPerSecond = rate();
    this.#report({type: 'evaluating', epoch: epoch + 1});
    const evaluated = this.#plan?.evaluating();
    const {loss, accuracy} = await evaluator.evaluate(loader, session.weights());
    const batches = this.#progress.epoch.images / this.#manifest.batchSize;
    const metrics: EpochMetrics = {
      epoch: epoch + 1,
      loss: this.#progress.epoch.loss / batches,
      validationLoss: loss,
      validationAccuracy: accuracy,
      accuracy: this.#progress.epoch.correct / Math.max(1, this.#progress.epoch.labelled),
      learningRate: learningRate(this.#progress.step - 1, perEpoch, this.#schedule(perEpoch)),
    };
    this.#progress.history.push(metrics);
    this.#recordRate(imagesPerSecond);
    this.#progress.epoch = {...NO_SUMS};
    const state = await session.state();
    const best = this.#keepBest(metrics, state);
    this.#checkpoint(state);
    evaluated?.();
    this.#report({type: 'epoch', ...metrics, imagesPerSecond, best});
  }

  /** Beside the history, which is the same for equal runs. */
  #recordRate(imagesPerSecond: number): void {
    const {history, rates = []} = this.#progress;
    this.#progress.rates = history.map((_, i) => (i === history.length - 1 ? imagesPerSecond : (rates[i] ?? null)));
  }

  #scalars(perEpoch: number): Record<string, number> {
    const {optimizer} = this.#manifest;
    const schedule = this.#schedule(perEpoch);
    const {step} = this.#progress;
    return {
      learningRate: learningRate(step, perEpoch, schedule),
      weightDecay: schedule.weightDecay,
      statisticsMomentum: statisticsMomentum(step, this.#manifest.pretrained),
      averageDecay: averageDecay(step, schedule),
      ...OPTIMIZERS[optimizer].scalars(step + 1),
    };
  }

  #count(loss: number, correct: number, labelled: number): void {
    const progress = this.#progress;
    progress.step++;
    progress.epoch.loss += loss;
    progress.epoch.correct += correct;
    progress.epoch.labelled += labelled;
    progress.epoch.images += this.#manifest.batchSize;
  }

  /** The number of steps in all. */
  #steps(perEpoch: number): number {
    return this.#plan?.steps(this.#progress.step) ?? perEpoch * this.#manifest.schedule.epochs;
  }

  /** The schedule over these steps. */
  #schedule(perEpoch: number): ScheduleOptions {
    return shortenedSchedule(this.#manifest.schedule, this.#steps(perEpoch), perEpoch);
  }

  /** Why the training is over; undefined while it is not. An epoch that was begun in vain has no metrics yet. */
  #ended(perEpoch: number): Ended | undefined {
    const {step, epoch} = this.#progress;
    const {limits, schedule} = this.#manifest;
    if (epoch.images > 0) return undefined;
    if (step >= perEpoch * schedule.epochs) return 'epochs';
    if (step > 0 && step >= this.#steps(perEpoch)) return 'time';
    return isExhausted(this.#progress, limits?.patience) ? 'patience' : undefined;
  }

  #timePlan(perEpoch: number, images: {train: number; validation: number; test: number}): TimePlan | undefined {
    const {limits, schedule, batchSize} = this.#manifest;
    if (limits?.seconds === undefined) return undefined;
    return new TimePlan({
      limit: limits.seconds,
      spent: this.#progress.spent ?? 0,
      images,
      batchSize,
      stepsPerEpoch: perEpoch,
      most: perEpoch * schedule.epochs,
      planned: this.#progress.planned,
      clock: () => performance.now() / 1000,
    });
  }

  #reportStep(epoch: number, imagesPerSecond: number, perEpoch: number): void {
    const now = performance.now();
    if (now - this.#lastReport < REPORT_MS) return;
    this.#lastReport = now;
    const {step, epoch: sums} = this.#progress;
    const batches = sums.images / this.#manifest.batchSize;
    if (this.#plan) this.#report({type: 'planned', steps: this.#steps(perEpoch)});
    this.#report({
      type: 'step',
      step,
      epoch,
      loss: sums.loss / batches,
      accuracy: sums.correct / Math.max(1, sums.labelled),
      imagesPerSecond,
    });
  }

  #reportEnd(finished: boolean, perEpoch: number, seconds: number): void {
    const {step, best} = this.#progress;
    if (!finished) {
      this.#report({type: 'stopped', step, epoch: Math.floor(step / perEpoch) + 1});
      return;
    }
    const peakMemory = process.resourceUsage().maxRSS * 1024;
    this.#report({type: 'finished', best: {epoch: best!.epoch, accuracy: best!.accuracy}, seconds, peakMemory});
  }

  /** Keeps the averaged weights if they are the best so far, by accuracy, then by loss. */
  #keepBest(metrics: EpochMetrics, state: State): boolean {
    if (!isBetter(metrics, this.#progress.best)) return false;
    const {epoch, validationAccuracy: accuracy, validationLoss: loss} = metrics;
    const {averagedParameters, averagedStatistics = new Float32Array()} = state;
    const stored = writeState(this.#folder, `best-${epoch}.bin`, {averagedParameters, averagedStatistics});
    this.#progress.best = {...stored, epoch, accuracy, loss};
    return true;
  }

  #checkpoint(state: State, ended?: Ended): void {
    const ordered = Object.fromEntries(this.#manifest.state.map(({name}) => [name, state[name]]));
    this.#progress.state = writeState(this.#folder, `state-${this.#progress.step}.bin`, ordered);
    this.#progress.finished = ended !== undefined;
    if (ended !== undefined) this.#progress.ended = ended;
    if (this.#plan) {
      this.#progress.spent = this.#plan.spent;
      this.#progress.planned = this.#plan.steps(this.#progress.step);
    }
    writeProgress(this.#folder, this.#progress);
    this.#lastCheckpoint = Date.now();
    this.#report({type: 'checkpoint', step: this.#progress.step});
  }

  /** A resumed run continues on the device that `auto` chose first. */
  #withChosenDevice(): Manifest {
    const manifest = this.#manifest;
    const progress = this.#progress;
    if (manifest.device !== 'auto' || progress.step === 0) return manifest;
    return {...manifest, device: progress.device as Manifest['device']};
  }

  /** Positions of the training and validation images in the cache. Test images are only counted. */
  #parts(): {train: Uint32Array; validation: Uint32Array; test: number} {
    const cache = openImages(this.#folder);
    const of = (part: Part) => Uint32Array.from(positionsOf(cache, this.#manifest, part));
    const parts = {train: of('train'), validation: of('validation'), test: of('test').length};
    cache.close();
    return parts;
  }
}
