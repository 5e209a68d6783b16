/** A model made of another one with a few pictures, from a folder of them to the run that holds it. */
import {createHash} from 'node:crypto';
import {availableParallelism, cpus, totalmem} from 'node:os';
import {join} from 'node:path';
import {defined} from '../../common/defined.ts';
import {RiceError} from '../../common/errors.ts';
import {writeAtomically} from '../../common/files/atomic-file.ts';
import {cacheFolder} from '../../common/files/cache-folder.ts';
import {nearest} from '../../common/nearest-word.ts';
import {packageVersion} from '../../common/package-root.ts';
import {buildPreparedCache} from '../../dataset/cache/build-cache.ts';
import type {PreparedCache} from '../../dataset/cache/prepared-cache.ts';
import type {Dataset} from '../../dataset/dataset.ts';
import {findDuplicates} from '../../dataset/duplicates.ts';
import {type HashedDataset, hashDataset} from '../../dataset/hash-dataset.ts';
import {PREPARATION_VERSION} from '../../image/prepare.ts';
import {windowFromPatch} from '../../image/window/window.ts';
import {METADATA_SCHEMA, type RiceMetadata} from '../../model/metadata.ts';
import {RUN_MODEL_FILE} from '../../model/model-path.ts';
import type {Thresholds} from '../../model/rejection.ts';
import {writeModel} from '../export-model.ts';
import {recordInputs} from '../run/input-record.ts';
import {createRunFolder, METRICS_FILE, requireEmptyFolder} from '../run/run-folder.ts';
import {withSession} from '../scores/run-over.ts';
import {adaptToCamera} from './adapt-camera.ts';
import {type BaseModel, measuringModel, readBaseModel} from './base-model.ts';
import {divideIntoFolds} from './folds.ts';
import type {HeldAccuracy} from './held-accuracy.ts';
import type {LinearHead} from './linear-head.ts';
import {type MeasuredViews, measureViews} from './measure-views.ts';
import {type NewModel, recordOf} from './new-model.ts';
import {pictureGroups} from './picture-groups.ts';
import {type TaughtRecord, writeTaughtRecord} from './taught-record.ts';
import {teachLabels} from './teach-labels.ts';

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

export interface TeachOptions {
  dataset: Dataset;
  /** What the model is made of: see `readBaseModel`. */
  from: string;
  /** The folder of the run, which must not hold anything yet. */
  run: string;
  name: string;
  version: string;
  /** Set where the model keeps its labels and learns another camera: how that is called. */
  camera?: string | undefined;
  /** Whether the pictures are shown whole, with no grain searched for in them. */
  wholeFrame?: boolean;
  folds: number;
  seed: number;
  settings: unknown[];
  cacheDir?: string;
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

/** Fewest pictures of a label, so that one can be left out, and fewest of all. */
const LEAST_OF_LABEL = 2;
const LEAST = 4;
const MOST_LABELS = 100;
/** Pictures of a label by which the network itself should be trained. */
const ENOUGH_TO_TRAIN = 2000;

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
    checkPictures(pictures, camera === undefined, events);
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

interface PreparedPictures {
  labels: string[];
  /** Of each prepared picture. */
  truth: number[];
  groups: string[];
  folds: number[];
}

interface Made {
  model: NewModel;
  held: HeldAccuracy;
  temperature: number;
  thresholds: Thresholds;
  head: LinearHead;
  fitted: Record<string, unknown>;
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

function picturesOf(
  {dataset, hashes}: HashedDataset,
  cache: PreparedCache,
  {folds, seed}: TeachOptions,
): PreparedPictures {
  const byPath = new Map(dataset.files.map(({path}, i) => [path, i] as const));
  const files = Array.from({length: cache.count}, (_, i) => byPath.get(cache.path(i))!);
  const truth = files.map((file) => dataset.files[file].label);
  const groups = pictureGroups(
    dataset.root,
    files.map((file) => dataset.files[file].path),
    files.map((file) => hashes[file].sha256),
  );
  const {labels} = dataset;
  const alone = splitLoneGroups(
    truth,
    groups,
    files.map((file) => hashes[file].sha256),
  );
  const count = Math.max(2, Math.min(folds, new Set(alone).size));
  return {labels, truth, groups: alone, folds: divideIntoFolds(truth, alone, count, seed)};
}

/** A label whose pictures are all of one group could not be learnt without it: then its pictures count each by itself. */
function splitLoneGroups(truth: readonly number[], groups: readonly string[], hashes: readonly string[]): string[] {
  const perLabel = new Map<number, Set<string>>();
  truth.forEach((label, i) => {
    perLabel.set(label, (perLabel.get(label) ?? new Set()).add(groups[i]));
  });
  return groups.map((group, i) => (perLabel.get(truth[i])!.size > 1 ? group : hashes[i]));
}

function checkPictures({labels, truth, groups}: PreparedPictures, everyLabel: boolean, events: TeachEvents): void {
  const counts = labels.map((_, label) => new Set(groups.filter((_, i) => truth[i] === label)).size);
  const pictures = labels.map((_, label) => truth.filter((each) => each === label).length);
  const few = labels.findIndex((_, label) => everyLabel && counts[label] < LEAST_OF_LABEL);
  if (few >= 0)
    throw new RiceError(
      'TOO_FEW_PICTURES',
      `${labels[few]} has ${pictures[few] === 1 ? 'one picture' : `${pictures[few]} different pictures that can be used`}: at least ${LEAST_OF_LABEL} are needed, one to learn from and one to measure with`,
    );
  if (truth.length < LEAST)
    throw new RiceError(
      'TOO_FEW_PICTURES',
      `there are ${truth.length} pictures that can be used: at least ${LEAST} are needed`,
    );
  if (labels.length > MOST_LABELS)
    throw new RiceError(
      'OUT_OF_RANGE',
      `${labels.length} labels are too many: at most ${MOST_LABELS} can be told apart`,
    );
  const sparse = labels.filter((_, label) => pictures[label] > 0 && pictures[label] < 10);
  if (sparse.length > 0)
    events.onWarning(`fewer than ten pictures of ${sparse.join(', ')}: what is measured will be uncertain`);
  if (everyLabel && Math.min(...pictures) >= ENOUGH_TO_TRAIN)
    events.onWarning(
      `${ENOUGH_TO_TRAIN} pictures of each label are enough to train a whole network, which is better: rice train DIR without --from`,
    );
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
  pictures: PreparedPictures,
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

/** The pictures' labels as those of the base model, in its order. */
function withLabelsOf({metadata}: BaseModel, dataset: Dataset): Dataset {
  const known = metadata.labels;
  const indices = dataset.labels.map((label) => {
    const index = known.findIndex((each) => each.toLowerCase() === label.toLowerCase());
    if (index >= 0) return index;
    const near = nearest(label, known);
    throw new RiceError('USAGE', `the model ${metadata.name} does not know ${label}`, {
      suggestions: [
        near === undefined ? `It knows ${known.join(', ')}.` : `Did you mean ${near}?`,
        'To teach a model varieties of your own: rice train DIR --from rice',
      ],
    });
  });
  return {...dataset, labels: [...known], files: dataset.files.map((file) => ({...file, label: indices[file.label]}))};
}

function metadataOf(
  {metadata: base, path: _}: BaseModel,
  {held, head, temperature, thresholds, fitted}: Made,
  {
    options,
    hashed,
    cache,
    wholeFrame,
    labels,
  }: {
    options: TeachOptions;
    hashed: HashedDataset;
    cache: PreparedCache;
    wholeFrame: boolean;
    labels: string[];
  },
): RiceMetadata {
  const {seed, camera, name, version} = options;
  const {dataset, digest} = hashed;
  const weights = createHash('sha256')
    .update(Float32Array.from(head.weights))
    .update(Float32Array.from(head.bias))
    .digest('hex');
  const duplicates = findDuplicates(dataset, hashed.hashes).surplus;
  return {
    schema: METADATA_SCHEMA,
    name,
    version,
    labels: [...labels],
    input: {...base.input, resize: wholeFrame ? 'whole-picture' : 'aligned-grain', preparation: PREPARATION_VERSION},
    temperature,
    unknown: thresholds,
    training: {
      network: base.training.network,
      parameters: base.training.parameters + head.weights.length + head.bias.length,
      seed,
      epochs: 0,
      dataset: {
        digest,
        images: dataset.files.length,
        labels: Object.fromEntries(
          dataset.labels.map((label, i) => [label, dataset.files.filter((file) => file.label === i).length]),
        ),
      },
      // All pictures were learnt from.
      split: {seed, fractions: {train: 1, validation: 0, test: 0}},
      device: 'cpu',
      configuration: {
        from: `${base.name} ${base.version}`,
        ...defined({camera}),
        folds: held.folds,
        groups: held.groups,
        duplicates,
        seed,
        ...fitted,
      },
      weights,
      onnxruntime: base.training.onnxruntime,
      date: new Date().toISOString(),
      inputs: recordInputs(
        cache,
        Array.from({length: cache.count}, (_, i) => i),
        cache.size,
      ),
    },
    accuracy: {validation: {images: held.images, accuracy: held.accuracy}},
  };
}
