/** A model made of another one with a few pictures, from a folder of them to the run that holds it. */
import {availableParallelism, cpus, totalmem} from 'node:os';
import {join} from 'node:path';
import {defined} from '../../common/defined.ts';
import {RiceError} from '../../common/errors.ts';
import {writeAtomically} from '../../common/files/atomic-file.ts';
import {cacheFolder} from '../../common/files/cache-folder.ts';
import {editDistance} from '../../common/nearest-word.ts';
import {packageVersion} from '../../common/package-root.ts';
import {buildPreparedCache} from '../../dataset/cache/build-cache.ts';
import type {PreparedCache} from '../../dataset/cache/prepared-cache.ts';
import type {Dataset} from '../../dataset/dataset.ts';
import {type HashedDataset, hashDataset} from '../../dataset/hash-dataset.ts';
import {windowFromPatch} from '../../image/window/window.ts';
import {RUN_MODEL_FILE} from '../../model/model-path.ts';
import {writeModel} from '../export-model.ts';
import {createRunFolder, METRICS_FILE, requireEmptyFolder} from '../run/run-folder.ts';
import {withSession} from '../scores/run-over.ts';
import {type BaseModel, measuringModel, readBaseModel} from './base/base-model.ts';
import {recordOf} from './base/new-model.ts';
import {adaptToCamera} from './camera/adapt-camera.ts';
import type {HeldAccuracy} from './fit/held-accuracy.ts';
import {type MeasuredViews, measureViews} from './pictures/measure-views.ts';
import {checkPictures, picturesOf, type TaughtPictures} from './pictures/taught-pictures.ts';
import {metadataOf} from './taught-metadata.ts';
import {type TaughtRecord, writeTaughtRecord} from './taught-record.ts';
import {teachLabels} from './teach-labels.ts';
import type {Made, TeachOptions} from './types.ts';

export type {TeachOptions} from './types.ts';

export type TeachPhase = 'hashing' | 'preparing' | 'measuring' | 'fitting';

export interface TeachEvents {
  onPhase(phase: TeachPhase, done: number, total: number): void;
  onPictures(pictures: {
    images: number;
    labels: Record<string, number>;
    groups: number;
    errors: TaughtRecord['dataset']['errors'];
  }): void;
  onWarning(message: string): void;
}

export interface TeachResult {
  run: string;
  model: string;
  from: {name: string; version: string; sha256: string};
  camera?: string;
  labels: string[];
  images: number;
  /** On pictures that were left out of the fit. */
  held: HeldAccuracy;
  parameters: number;
  /** SHA-256 of what was fitted. */
  weights: string;
  dataset: string;
  seconds: number;
}

/** @throws RiceError as `scanDataset`, `readBaseModel` and `buildPreparedCache`; TOO_FEW_PICTURES, RUN_EXISTS */
export async function teach(options: TeachOptions, events: TeachEvents, signal: AbortSignal): Promise<TeachResult> {
  const started = Date.now();
  const {run, camera, seed} = options;
  requireEmptyFolder(run);
  const base = readBaseModel(options.from);
  const wholeFrame = options.wholeFrame ?? base.metadata.input.resize === 'whole-picture';
  const dataset = camera === undefined ? options.dataset : withLabelsOf(base, options.dataset);
  for (const note of dataset.notes) events.onWarning(note);
  const {hashed, cache} = await prepared(dataset, base, wholeFrame, options, events, signal);
  try {
    const pictures = picturesOf(hashed, cache, options);
    checkPictures(pictures, hashed, cache, camera === undefined, (message) => events.onWarning(message));
    events.onPictures(summaryOf(hashed, cache, pictures.groups));
    const made = await withSession(measuringModel(base), cache.size, async (runOver) => {
      const progress = (done: number, total: number) => events.onPhase('measuring', done, total);
      return measureViews(runOver, cache, pictures.truth, {seed, onProgress: progress, signal});
    }).then(async (measured) => {
      events.onPhase('fitting', 0, 1);
      const fitted = await fitModel(base, measured, pictures, cache, options);
      events.onPhase('fitting', 1, 1);
      return fitted;
    });
    signal.throwIfAborted();
    const metadata = metadataOf(base, made, {options, hashed, cache, wholeFrame, labels: pictures.labels});
    const {sha256} = base;
    const record: TaughtRecord = {
      format: 1,
      kind: camera === undefined ? 'taught' : 'adapted',
      name: options.name,
      date: metadata.training.date,
      from: {name: base.metadata.name, version: base.metadata.version, sha256},
      ...defined({camera}),
      settings: options.settings,
      dataset: {
        root: dataset.root,
        digest: hashed.digest,
        ...summaryOf(hashed, cache, pictures.groups),
        ...defined({labelsFrom: dataset.labelsFrom}),
      },
      teaching: metadata.training.configuration,
      versions: {rice: packageVersion(), node: process.version, onnxruntime: metadata.training.onnxruntime},
      machine: {
        cpu: cpus()[0]?.model ?? '',
        cores: availableParallelism(),
        memory: totalmem(),
        platform: `${process.platform}-${process.arch}`,
      },
    };
    await createRunFolder(run, async (folder) => {
      const teaching = recordOf(base, made.model, pictures.labels.length);
      writeModel(join(folder, RUN_MODEL_FILE), {graph: made.model.graph, metadata, teaching});
      const metrics = {epochs: [], held: made.held};
      writeAtomically(join(folder, METRICS_FILE), `${JSON.stringify(metrics, null, 1)}\n`, {durable: true});
      writeTaughtRecord(folder, record);
    });
    return {
      run,
      model: join(run, RUN_MODEL_FILE),
      from: record.from,
      ...defined({camera}),
      labels: pictures.labels,
      images: cache.count,
      held: made.held,
      parameters: metadata.training.parameters,
      weights: metadata.training.weights,
      dataset: hashed.digest,
      seconds: Math.max(0, Date.now() - started) / 1000,
    };
  } finally {
    cache.close();
  }
}

async function prepared(
  dataset: Dataset,
  {metadata}: BaseModel,
  wholeFrame: boolean,
  {cacheDir = cacheFolder()}: TeachOptions,
  events: TeachEvents,
  signal: AbortSignal,
): Promise<{hashed: HashedDataset; cache: PreparedCache}> {
  const {width, height} = metadata.input;
  const onHash = ({done, total}: {done: number; total: number}) => events.onPhase('hashing', done, total);
  const hashed = await hashDataset(dataset, {cacheDir, onProgress: onHash, signal});
  const cache = await buildPreparedCache({
    dataset: hashed.dataset,
    hashes: hashed.hashes,
    size: {width, height},
    wholeFrame,
    cacheDir,
    onProgress: ({done, total}) => events.onPhase('preparing', done, total),
    signal,
  });
  return {hashed, cache};
}

function summaryOf({dataset, errors: unread}: HashedDataset, cache: PreparedCache, groups: readonly string[]) {
  const counts = dataset.labels.map((label, i) => [label, dataset.files.filter((file) => file.label === i).length]);
  return {
    images: dataset.files.length,
    labels: Object.fromEntries(counts) as Record<string, number>,
    groups: new Set(groups).size,
    errors: [...unread, ...cache.errors],
  };
}

async function fitModel(
  base: BaseModel,
  measured: MeasuredViews,
  pictures: TaughtPictures,
  cache: PreparedCache,
  {camera, seed}: TeachOptions,
): Promise<Made> {
  const {views} = measured;
  if (camera === undefined) {
    const {shrinkage, ...taught} = teachLabels(base, measured, pictures);
    return {...taught, fitted: {shrinkage, views}};
  }
  const all = Array.from({length: cache.count}, (_, i) => i);
  const run = (model: Uint8Array) =>
    withSession(model, cache.size, (over) => over(all, (i) => windowFromPatch(cache.readPatch(i), cache.size)));
  const adapted = await adaptToCamera(base, measured, pictures, seed, run);
  return {...adapted, thresholds: base.metadata.unknown, fitted: {views, camera}};
}

/** Letters by which a label may differ from the one that is meant. */
const MISSPELLED = 2;

/** The pictures' labels as those of the base model, in its order. */
function withLabelsOf({metadata}: BaseModel, dataset: Dataset): Dataset {
  const known = metadata.labels;
  const indices = dataset.labels.map((label) => {
    const index = known.findIndex((each) => each.toLowerCase() === label.toLowerCase());
    if (index >= 0) return index;
    const near = known.find((each) => editDistance(label.toLowerCase(), each.toLowerCase()) <= MISSPELLED);
    throw new RiceError('USAGE', `the model ${metadata.name} does not know ${label}: it knows ${known.join(', ')}`, {
      suggestions: [
        ...(near === undefined ? [] : [`Did you mean ${near}?`]),
        'To teach a model varieties of your own: rice train DIR --from rice',
      ],
    });
  });
  return {...dataset, labels: [...known], files: dataset.files.map((file) => ({...file, label: indices[file.label]}))};
}
