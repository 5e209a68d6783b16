import {resolve} from 'node:path';
import {defined} from '../common/defined.ts';
import {RiceError} from '../common/errors.ts';
import {accelerators, type Device} from '../model/devices.ts';
import {awaitCalm} from './machine/await-calm.ts';
import {describeMachine} from './machine/describe-machine.ts';
import {isBusy, type Load} from './machine/load.ts';
import {powerWarnings} from './machine/power.ts';
import {type Answers, measureAccuracy} from './measure-accuracy.ts';
import type {ModelFacts} from './model-facts.ts';
import {drawPictures} from './pictures/draw-pictures.ts';
import {type LabeledOptions, type LabeledPictures, readSome, selectLabeled} from './pictures/labeled-pictures.ts';
import {runWorker} from './run-worker.ts';
import {type Subject, summarize} from './summarize.ts';
import type {Benchmark, MeasuredPictures, ModelEntry} from './types.ts';
import type {Started} from './worker/messages.ts';

export interface BenchmarkOptions {
  /** At least one; the others are compared with the first. */
  models: readonly ModelFacts[];
  /** Each must work; `auto` for each that works here. */
  devices: readonly Device[] | 'auto';
  threads: readonly number[];
  batchSizes: readonly number[];
  /** Of each measurement in each round. */
  seconds: number;
  rounds: number;
  maxPixels?: number;
  /** Goes on where others use the machine. */
  allowBusy: boolean;
  /** Without it the pictures are drawn, and no accuracy is measured. */
  labeled?: LabeledOptions;
  /** The folder of the hash cache. */
  cacheDir: string;
  measureLoad?: () => Promise<Load>;
  signal?: AbortSignal;
}

export interface BenchmarkObserver {
  /** What is done now, and of how much. */
  onPhase(phase: 'trying' | 'evaluating' | 'measuring', total: number): void;
  /** @param note what is measured at the moment */
  onProgress(done: number, note?: string): void;
  onWarning(message: string): void;
}

/** Drawn pictures to measure with; larger batches have some of them twice. */
const DRAWN = 40;

/** A model on a device that it works on. */
interface Place {
  model: ModelFacts;
  started: Started;
}

/**
 * Measures speed, memory, start-up time and accuracy of models, side by side: in each round every one has its turn in a process
 * of its own, in the opposite order every other round, so that a machine that becomes slower is slower for all.
 *
 * @throws RiceError MACHINE_BUSY, DEVICE_UNAVAILABLE for a device that was named, BENCHMARK_FAILED; as `evaluate` and
 *   `Classifier.load`; the reason of the signal
 */
export async function benchmark(options: BenchmarkOptions, observer: BenchmarkObserver): Promise<Benchmark> {
  const {models, labeled, rounds, seconds, signal} = options;
  for (const message of powerWarnings()) observer.onWarning(message);
  const calm = (allowBusy = options.allowBusy) =>
    awaitCalm({allowBusy, signal, ...(options.measureLoad ? {measure: options.measureLoad} : {})});
  // Before anything else: nobody wants to hear of it minutes later.
  await calm();
  const {cacheDir} = options;
  const onWarning = (message: string) => observer.onWarning(message);
  const selection = labeled && (await selectLabeled(labeled, models, {cacheDir, onWarning}));
  const pictures = selection
    ? await readSome(selection, defined({maxPixels: options.maxPixels}))
    : await drawPictures(DRAWN);
  const {places, unavailable} = await findPlaces(options, pictures[0], observer);
  const subjects = await subjectsAt(places, options, selection, observer);
  const loads = await measureRounds(subjects, options, pictures, calm, observer);
  const busy = loads.some(isBusy);
  return {
    date: new Date().toISOString(),
    machine: await describeMachine(places.some(({started}) => started.device !== 'cpu')),
    busy,
    loads,
    rounds,
    seconds,
    pictures: describePictures(pictures, labeled, selection),
    models: models.map((model) => entryOf(model, places)),
    configurations: summarize(subjects, busy),
    unavailable,
  };
}

function describePictures(
  pictures: Uint8Array[],
  labeled: LabeledOptions | undefined,
  selection: LabeledPictures | undefined,
): MeasuredPictures {
  return {
    folder: labeled ? resolve(labeled.dir) : null,
    part: selection?.part ?? null,
    limit: selection?.limit ?? null,
    count: pictures.length,
    bytes: pictures.reduce((sum, {length}) => sum + length, 0),
  };
}

function entryOf(facts: ModelFacts, places: readonly Place[]): ModelEntry {
  const {label, path, sha256, bytes, parameters} = facts;
  const {name, version} = places.find(({model}) => model === facts)!.started.model;
  return {label, path, name, version, sha256, bytes, parameters};
}

/** Has each model answer once on each device, which also brings its file into memory. */
async function findPlaces(
  {models, devices, maxPixels, signal}: BenchmarkOptions,
  picture: Uint8Array,
  observer: BenchmarkObserver,
): Promise<{places: Place[]; unavailable: Benchmark['unavailable']}> {
  const tried = devices === 'auto' ? (['cpu', ...accelerators()] as const) : devices;
  const places: Place[] = [];
  const unavailable: Benchmark['unavailable'] = [];
  observer.onPhase('trying', models.length * tried.length);
  for (const [i, model] of models.entries()) {
    const before = places.length;
    for (const [k, device] of tried.entries()) {
      observer.onProgress(i * tried.length + k, `${model.label} on ${device}`);
      try {
        const load = {model: model.path, device, threads: 1, ...(maxPixels === undefined ? {} : {maxPixels})};
        const started = await runWorker({load, picture, signal});
        places.push({model, started});
      } catch (error) {
        signal?.throwIfAborted();
        // Nobody asked for another device than the CPU.
        if (devices !== 'auto' || device === 'cpu' || !(error instanceof RiceError)) throw error;
        unavailable.push({model: model.label, device, reason: error.message});
      }
    }
    if (places.length === before) throw new RiceError('DEVICE_UNAVAILABLE', `${model.label} works on no device here`);
  }
  return {places, unavailable};
}

async function subjectsAt(
  places: readonly Place[],
  {threads, maxPixels, signal}: BenchmarkOptions,
  selection: LabeledPictures | undefined,
  observer: BenchmarkObserver,
): Promise<Subject[]> {
  const most = Math.max(...threads);
  const subjects: Subject[] = [];
  const unfit: RiceError[] = [];
  let first: Answers | undefined;
  if (selection) observer.onPhase('evaluating', places.length * selection.files.length);
  for (const [i, {model, started}] of places.entries()) {
    const {device} = started;
    const load = {model: model.path, device, threads: most, ...(maxPixels === undefined ? {} : {maxPixels})};
    const onProgress = (done: number) => observer.onProgress(i * selection!.files.length + done, model.label);
    const measured = selection && (await judged(() => measureAccuracy(load, selection, {first, onProgress, signal})));
    if (measured instanceof RiceError) {
      unfit.push(measured);
      observer.onWarning(`no accuracy of ${model.label}: ${measured.message}`);
    }
    const {accuracy = null, answers} = measured instanceof RiceError ? {} : (measured ?? {});
    if (accuracy && accuracy.errors > 0 && first === undefined)
      observer.onWarning(
        `${accuracy.errors} of the pictures cannot be read, and are left out; rice evaluate names them`,
      );
    first ??= answers;
    // Of another device the threads compute nothing but what it leaves to the CPU.
    for (const count of device === 'cpu' ? threads : [most])
      subjects.push({model: model.label, device, threads: count, accuracy, runs: []});
  }
  if (unfit.length > 0 && first === undefined) throw unfit[0];
  return subjects;
}

/** That one of several models has other labels than the pictures is no reason not to measure its speed. */
async function judged<Measured>(measure: () => Promise<Measured>): Promise<Measured | RiceError> {
  try {
    return await measure();
  } catch (error) {
    if (error instanceof RiceError && error.code === 'DATASET_LABELS') return error;
    throw error;
  }
}

/** @returns the load before each round, and after the last */
async function measureRounds(
  subjects: readonly Subject[],
  options: BenchmarkOptions,
  pictures: Uint8Array[],
  calm: (allowBusy?: boolean) => Promise<Load>,
  observer: BenchmarkObserver,
): Promise<Load[]> {
  const {models, batchSizes, seconds, rounds, maxPixels, signal} = options;
  const each = 2 * batchSizes.length;
  observer.onPhase('measuring', rounds * subjects.length * each);
  const loads: Load[] = [];
  let done = 0;
  for (let round = 0; round < rounds; round++) {
    loads.push(await calm());
    for (const subject of round % 2 === 0 ? subjects : [...subjects].reverse()) {
      const {device, threads, model: label} = subject;
      const model = models.find((facts) => facts.label === label)!;
      const note = `${label} on ${device}`;
      observer.onProgress(done, note);
      const run = await runWorker({
        load: {model: model.path, device, threads, ...(maxPixels === undefined ? {} : {maxPixels})},
        picture: pictures[0],
        task: {pictures, batchSizes, seconds},
        onMeasured: () => observer.onProgress(++done, note),
        signal,
      });
      if (run.model.sha256 !== model.sha256)
        throw new RiceError('MODEL_INVALID', `${model.path} was replaced while it was measured`, {
          suggestions: ['Run the command again.'],
        });
      subject.runs.push(run);
    }
  }
  // What has been measured is told, if with a mark.
  loads.push(await calm(true));
  return loads;
}
