/** A whole training run: from a folder of labeled images, or from a checkpoint, to a model file. */

import {join} from 'node:path';
import {defined} from '../common/defined.ts';
import {RiceError} from '../common/errors.ts';
import {writeAtomically} from '../common/files/atomic-file.ts';
import {cacheFolder} from '../common/files/cache-folder.ts';
import {shellWords} from '../common/shell-words.ts';
import {buildPreparedCache} from '../dataset/cache/build-cache.ts';
import {findDuplicates} from '../dataset/duplicates.ts';
import {hashDataset} from '../dataset/hash-dataset.ts';
import {scanDataset} from '../dataset/scan.ts';
import type {Evaluation, Measured} from '../evaluation/evaluate.ts';
import {RUN_MODEL_FILE} from '../model/model-path.ts';
import {readProgress} from './artifact/checkpoint.ts';
import {lockFolder} from './artifact/lock.ts';
import {type Manifest, readManifest} from './artifact/manifest.ts';
import {writeArtifact} from './artifact/write-artifact.ts';
import {checkConfiguration, type TrainingConfiguration} from './configuration.ts';
import {exportModel, withTestAccuracy, writeModel} from './export-model.ts';
import {checkNetwork, checkSameNetwork} from './initial/check-network.ts';
import {type Learnt, loadLearnt, type PretrainedChoice} from './initial/load-learnt.ts';
import {type ObservedEpoch, Observers, type TrainingObserver} from './observer.ts';
import {checkSplit, warnOfDuplicates, warnOfGrains} from './run/check-dataset.ts';
import {doubtfulResult, tooFewSteps} from './run/check-result.ts';
import {copyCorrections} from './run/corrections-copy.ts';
import {type Extension, extendRun} from './run/extend-run.ts';
import {type MeasuredTest, measureTestPart} from './run/measure-test-part.ts';
import {newRunRecord, splitForArtifact} from './run/new-run-record.ts';
import {
  ARTIFACT_FOLDER,
  createRunFolder,
  METRICS_FILE,
  type RunRecord,
  readRunRecord,
  requireEmptyFolder,
  writeRunRecord,
} from './run/run-folder.ts';
import {runTrainingProcess} from './run/training-process.ts';
import type {TrainingResult} from './training-result.ts';
import type {WorkerMessage} from './worker/messages.ts';

export type {TrainingResult} from './training-result.ts';

/** The phases apart from the training itself; of a download, bytes are counted. */
export type Phase = 'downloading' | 'hashing' | 'preparing' | 'testing';

export interface TrainingEvents {
  onPhase(phase: Phase, done: number, total: number): void;
  onDataset(record: RunRecord['dataset']): void;
  onMessage(message: WorkerMessage): void;
  onWarning(message: string): void;
  /** Something good to know. */
  onNote?(message: string): void;
}

export interface StartOptions {
  dataset: string;
  /** The list of labels, where they are not the folders' names. */
  labelsFrom?: string | undefined;
  /** What a person corrected of the labels. */
  corrections?: string | undefined;
  /** The folder of the run, which must not hold anything yet. */
  run: string;
  /** Name and version of the model. */
  name: string;
  version: string;
  configuration: TrainingConfiguration;
  /** Missing if the weights are drawn. */
  pretrained?: PretrainedChoice;
  settings: unknown[];
  cacheDir?: string;
}

/** Prepares a run and trains it. Throws TRAINING_INTERRUPTED if `signal` stopped it after writing a checkpoint. */
export async function startTraining(
  options: StartOptions,
  events: TrainingEvents,
  signal: AbortSignal,
  observers: readonly TrainingObserver[] = [],
): Promise<TrainingResult> {
  const {run} = options;
  const started = Date.now();
  checkConfiguration(options.configuration);
  checkNetwork(options.configuration);
  const scanned = scanDataset(
    options.dataset,
    defined({labelsFrom: options.labelsFrom, corrections: options.corrections}),
  );
  for (const note of scanned.notes) events.onWarning(note);
  requireEmptyFolder(run);
  const learnt =
    options.pretrained && (await loadPretrained(options.configuration, options.pretrained, events, signal));
  const configuration = {
    ...options.configuration,
    ...(learnt ? defined({pretrained: learnt.record, normalization: learnt.normalization}) : {}),
    // Statistics that are folded into the weights cannot be followed.
    ...(learnt?.folded ? {freezeStatistics: true as const} : {}),
  };
  const cacheDir = options.cacheDir ?? cacheFolder();
  const onHash = ({done, total}: {done: number; total: number}) => events.onPhase('hashing', done, total);
  const hashed = await hashDataset(scanned, {cacheDir, onProgress: onHash, signal});
  const {dataset, hashes} = hashed;
  const onPrepare = ({done, total}: {done: number; total: number}) => events.onPhase('preparing', done, total);
  const images = await buildPreparedCache({
    dataset,
    hashes,
    size: configuration.input,
    wholeFrame: configuration.wholeFrame ?? false,
    cacheDir,
    onProgress: onPrepare,
    signal,
  });
  let record: RunRecord;
  try {
    const duplicates = findDuplicates(dataset, hashes);
    record = newRunRecord({...options, configuration}, hashed, duplicates.surplus, images);
    checkSplit(record, hashed, (message) => events.onWarning(message));
    const short = tooFewSteps(record);
    if (short) events.onWarning(short);
    warnOfDuplicates(duplicates, record.dataset.split, (message) => events.onWarning(message));
    warnOfGrains(record.dataset, (message) => events.onWarning(message));
    events.onDataset(record.dataset);
    const limits = trainingLimits(configuration, started);
    await createRunFolder(run, async (folder) => {
      const artifact = join(folder, ARTIFACT_FOLDER);
      const division = {...splitForArtifact(record, hashed, images), ...defined({limits})};
      await writeArtifact(artifact, configuration, images, division, learnt?.weights);
      record.versions.onnxruntime = readManifest(artifact).onnxruntime;
      if (dataset.corrections) copyCorrections(dataset.corrections, folder);
      writeRunRecord(folder, record);
    });
  } finally {
    images.close();
  }
  return observed({run, record, resumed: false}, observers, events, (watched) =>
    finish(run, record, options.version, watched, signal, started),
  );
}

function loadPretrained(
  configuration: TrainingConfiguration,
  choice: PretrainedChoice,
  events: TrainingEvents,
  signal: AbortSignal,
): Promise<Learnt> {
  return loadLearnt(configuration, choice, {
    onProgress: (done, total) => events.onPhase('downloading', done, total),
    onNote: (message) => events.onNote?.(message),
    signal,
  });
}

/** Continues a run from its last checkpoint, to another end if `extension` says so. */
export async function resumeTraining(
  run: string,
  version: string,
  events: TrainingEvents,
  signal: AbortSignal,
  observers: readonly TrainingObserver[] = [],
  extension: Extension = {},
): Promise<TrainingResult> {
  const started = Date.now();
  const begun = readRunRecord(run);
  checkSameNetwork(run, readManifest(join(run, ARTIFACT_FOLDER)));
  const record = extendRun(run, begun, extension);
  events.onDataset(record.dataset);
  return observed({run, record, resumed: true}, observers, events, (watched) =>
    finish(run, record, version, watched, signal, started),
  );
}

/**
 * Trains, and tells the observers of it: of the start, of all that the training process says, and of the end. The lock of
 * the run is held to the end, also while the model is made and measured.
 */
async function observed(
  {run, record, resumed}: {run: string; record: RunRecord; resumed: boolean},
  listening: readonly TrainingObserver[],
  events: TrainingEvents,
  train: (events: TrainingEvents) => Promise<Finished>,
): Promise<TrainingResult> {
  const observers = new Observers(listening, (message) => events.onWarning(message));
  const history = observedEpochs(join(run, ARTIFACT_FOLDER));
  const release = lockFolder(run);
  observers.started({folder: run, record, resumed, history});
  try {
    const {result, test} = await train({
      onPhase: (phase, done, total) => events.onPhase(phase, done, total),
      onDataset: (dataset) => events.onDataset(dataset),
      onWarning: (message) => events.onWarning(message),
      onNote: (message) => events.onNote?.(message),
      onMessage: (message) => {
        events.onMessage(message);
        observers.message(message);
      },
    });
    await observers.finished(result, test);
    return result;
  } catch (error) {
    await observers.failed(error as Error);
    throw error;
  } finally {
    release();
  }
}

interface Finished {
  result: TrainingResult;
  test: MeasuredTest | undefined;
}

/** Trains to the end, writes the model, and evaluates it on the test images: the original files, as in prediction. */
async function finish(
  run: string,
  record: RunRecord,
  version: string,
  events: TrainingEvents,
  signal: AbortSignal,
  started: number,
): Promise<Finished> {
  const artifact = join(run, ARTIFACT_FOLDER);
  let peakMemory: number | undefined;
  const onMessage = (message: WorkerMessage): void => {
    if (message.type === 'finished') peakMemory = message.peakMemory;
    events.onMessage(message);
  };
  const finished = readProgress(artifact)?.finished || (await runTrainingProcess(run, artifact, onMessage, signal));
  const progress = readProgress(artifact)!;
  writeAtomically(join(run, METRICS_FILE), `${JSON.stringify({epochs: progress.history}, null, 1)}\n`, {durable: true});
  if (!finished) {
    throw new RiceError(
      'TRAINING_INTERRUPTED',
      `training was stopped in epoch ${progress.history.length + 1}; its state is in ${run}`,
      {
        suggestions: [`Continue with: rice train --resume ${shellWords([run])}`],
      },
    );
  }
  const path = join(run, RUN_MODEL_FILE);
  let model = await exportModel(artifact, record, version);
  writeModel(path, model);
  const measured = await measureTestPart({
    model: path,
    dataset: record.dataset,
    run,
    signal,
    onProgress: (done, total) => events.onPhase('testing', done, total),
    onWarning: (message) => events.onWarning(message),
  });
  const test = measured?.evaluation;
  if (test) {
    model = withTestAccuracy(model, {images: test.images, accuracy: test.accuracy});
    writeModel(path, model);
  }
  const metrics = {epochs: progress.history, test: withoutModel(test), peakMemory};
  writeAtomically(join(run, METRICS_FILE), `${JSON.stringify(metrics, null, 1)}\n`, {durable: true});
  for (const warning of doubtfulResult(progress.history, record)) events.onWarning(warning);
  const {training} = model.metadata;
  const result = {
    run,
    model: path,
    device: progress.device,
    epochs: progress.history.length,
    best: {epoch: progress.best!.epoch, accuracy: progress.best!.accuracy},
    ended: progress.ended ?? 'epochs',
    ...(test ? {test: {images: test.images, accuracy: test.accuracy, mistakes: test.mistakes.length}} : {}),
    parameters: training.parameters,
    weights: training.weights,
    dataset: record.dataset.digest,
    ...defined({withoutSingleGrain: record.dataset.withoutSingleGrain, peakMemory}),
    // The clock may be set back meanwhile.
    seconds: Math.max(0, Date.now() - started) / 1000,
  };
  return {result, test: measured};
}

function observedEpochs(artifact: string): ObservedEpoch[] {
  const {history = [], rates = []} = readProgress(artifact) ?? {};
  return history.map((epoch, i) => ({...epoch, ...defined({imagesPerSecond: rates[i] ?? undefined})}));
}

/**
 * The limits as the training process needs them: the seconds that are left of the minutes.
 *
 * @param started when the command began, in milliseconds since 1970
 * @throws RiceError OUT_OF_RANGE if none are left
 */
function trainingLimits({limits}: TrainingConfiguration, started: number): Manifest['limits'] {
  if (!limits) return undefined;
  const {patience, maxMinutes} = limits;
  if (maxMinutes === undefined) return defined({patience});
  const used = Math.max(0, Date.now() - started) / 1000;
  const seconds = maxMinutes * 60 - used;
  if (seconds <= 0) {
    throw new RiceError(
      'OUT_OF_RANGE',
      `looking at the pictures took ${used.toFixed(0)} s: nothing is left of ${maxMinutes} minutes to train in`,
      {suggestions: ['Start again: the prepared pictures are cached.', 'Raise --max-minutes.']},
    );
  }
  return {...defined({patience}), seconds};
}

/** Without the model's digest, which changes when the result is written into the model file. */
function withoutModel(test: Evaluation | undefined): Measured | undefined {
  if (!test) return undefined;
  const {model: _, ...measured} = test;
  return measured;
}
