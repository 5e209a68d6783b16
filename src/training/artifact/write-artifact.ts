import {hash} from 'node:crypto';
import {constants, copyFileSync, linkSync, mkdirSync, readdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {defined} from '../../common/defined.ts';
import {withDigest} from '../../common/digested.ts';
import {fromFileSystemError} from '../../common/errors.ts';
import type {PreparedCache} from '../../dataset/cache/prepared-cache.ts';
import {encodeModel} from '../../onnx/model.ts';
import type {TrainingConfiguration} from '../configuration.ts';
import {buildEvaluationGraph} from '../graphs/evaluation-graph.ts';
import {buildFeatureGraph} from '../graphs/model-graph.ts';
import {buildStepGraph} from '../graphs/step-graph.ts';
import {isFrozen, learningRateFactors} from '../initial/groups.ts';
import {initialWeights, type LearntWeights} from '../initial/initial-weights.ts';
import {layoutOf} from '../layers/layout-layers.ts';
import {NETWORKS} from '../networks/index.ts';
import type {Network} from '../networks/network.ts';
import {OPTIMIZERS} from '../optimizers.ts';
import {type Layout, placeParameters} from '../parameters.ts';
import {magnified} from '../recipes.ts';
import {concatenated} from '../scores/run-over.ts';
import {WeightStore, type Weights} from '../weights.ts';
import {writeProgress, writeState} from './checkpoint.ts';
import {
  EVALUATION_FILE,
  FEATURE_GRAPH_FILE,
  FROZEN_FILE,
  IMAGES_FOLDER,
  MANIFEST_FILE,
  type Manifest,
  STEP_FILE,
} from './manifest.ts';

/**
 * Writes the training artifact: graphs, manifest, initial state and images. The folder is self-contained; the images are
 * hard links to the cache if the file system allows, so they take no extra space.
 *
 * @param learnt weights that others trained
 */
export async function writeArtifact(
  folder: string,
  configuration: TrainingConfiguration,
  images: PreparedCache,
  {split, parts, limits}: Pick<Manifest, 'split' | 'parts' | 'limits'>,
  learnt?: LearntWeights,
): Promise<void> {
  const {network: name, optimizer, input, batchSize, schedule, augmentation, seed, device, threads} = configuration;
  const network = NETWORKS[name];
  const labels = [...images.labels];
  const parted = divideWeights(configuration, labels, learnt);
  const {layout, frozen, whole} = parted;
  const classes = labels.length;
  const {normalization} = configuration;
  const features = configuration.freeze === 'backbone' ? featureLength(network, whole) : undefined;
  const common = defined({frozen, normalization, features});
  const {graph, state, scalars, noise} = buildStepGraph({
    network,
    layout,
    optimizer: OPTIMIZERS[optimizer],
    batchSize,
    ...input,
    classes,
    labelSmoothing: configuration.labelSmoothing,
    dropout: configuration.dropout,
    clipNorm: configuration.clipNorm,
    rates: rateFactors(configuration, whole.layout),
    ...defined({freezeStatistics: configuration.freezeStatistics}),
    ...common,
  });
  const files: Record<string, Uint8Array> = {
    [STEP_FILE]: encodeModel(graph.toProto('training step')),
    [EVALUATION_FILE]: encodeModel(buildEvaluationGraph(network, layout, input, classes, common).toProto('evaluation')),
    ...(frozen ? {[FROZEN_FILE]: bytesOf(frozen.parameters, frozen.statistics)} : {}),
  };
  if (features !== undefined) {
    const trained = {network, ...whole, ...defined({normalization})};
    files[FEATURE_GRAPH_FILE] = encodeModel(buildFeatureGraph(trained, input, classes).toProto('features'));
  }
  const manifest: Manifest = {
    format: 2,
    network: name,
    optimizer,
    labels,
    input,
    batchSize,
    seed,
    split,
    ...defined({parts, limits}),
    schedule,
    augmentation: magnified(augmentation, input),
    device,
    threads,
    state,
    scalars,
    noise,
    layout,
    ...defined({
      frozen: frozen?.layout,
      normalization,
      features: features === undefined ? undefined : {length: features},
    }),
    ...(learnt ? {pretrained: true} : {}),
    onnxruntime: await onnxruntimeVersion(),
    digests: Object.fromEntries(Object.entries(files).map(([file, bytes]) => [file, hash('sha256', bytes)])),
  };
  const {parameters, statistics} = parted;
  const initial: Record<string, Float32Array> = {
    parameters,
    statistics,
    averagedParameters: parameters,
    averagedStatistics: statistics,
  };
  try {
    mkdirSync(join(folder, IMAGES_FOLDER), {recursive: true});
    linkFiles(images.folder, join(folder, IMAGES_FOLDER));
    for (const [file, bytes] of Object.entries(files)) writeFileSync(join(folder, file), bytes);
    writeFileSync(join(folder, MANIFEST_FILE), `${JSON.stringify(withDigest(manifest), null, 1)}\n`);
  } catch (error) {
    throw fromFileSystemError(error, folder, 'write');
  }
  const vectors = state.map(({name, length}) => [name, initial[name] ?? new Float32Array(length)] as const);
  const stored = writeState(folder, 'state-0.bin', Object.fromEntries(vectors));
  writeProgress(folder, {
    step: 0,
    epoch: {loss: 0, correct: 0, labelled: 0, images: 0},
    history: [],
    state: stored,
    device,
    finished: false,
  });
}

/** The initial weights of what learns, of what does not, and of both together. */
interface DividedWeights {
  layout: Layout;
  parameters: Float32Array;
  statistics: Float32Array;
  frozen: (Weights & {layout: Layout}) | undefined;
  whole: Weights & {layout: Layout};
}

function divideWeights(
  {network: name, input, seed, freeze}: TrainingConfiguration,
  labels: readonly string[],
  learnt: LearntWeights | undefined,
): DividedWeights {
  const network = NETWORKS[name];
  const all = layoutOf(network, input, labels.length);
  const whole = {...initialWeights(network, all, seed, learnt, labels), layout: all};
  const store = new WeightStore(whole);
  const isStill = isFrozen(network, all, freeze);
  const of = (still: boolean): Weights & {layout: Layout} => {
    const belongs = ({name: each}: {name: string}) => isStill(each) === still;
    const layout = placeParameters(all.parameters.filter(belongs), all.statistics.filter(belongs));
    const pick = (placed: readonly {name: string}[]) => concatenated(...placed.map((each) => store.get(each.name)));
    return {layout, parameters: pick(layout.parameters), statistics: pick(layout.statistics)};
  };
  return {...of(false), frozen: freeze === undefined ? undefined : of(true), whole};
}

/** The width of the classifier's weight. */
function featureLength(network: Network, {layout}: Weights): number {
  return layout.parameters.find(({name}) => name === `${network.parts?.classifier}.weight`)!.shape[0];
}

function rateFactors(configuration: TrainingConfiguration, layout: Layout): Map<string, number> {
  const {network, layerDecay, headLearningRate, schedule} = configuration;
  const head = headLearningRate === undefined ? undefined : headLearningRate / schedule.learningRate;
  return learningRateFactors(NETWORKS[network], layout, defined({layerDecay, head}));
}

function bytesOf(...vectors: Float32Array[]): Uint8Array {
  return Buffer.concat(vectors.map(({buffer, byteOffset, byteLength}) => Buffer.from(buffer, byteOffset, byteLength)));
}

function linkFiles(from: string, to: string): void {
  for (const name of readdirSync(from)) {
    try {
      linkSync(join(from, name), join(to, name));
    } catch {
      // Another file system, or one without hard links: copy, sharing blocks (reflink) if possible.
      copyFileSync(join(from, name), join(to, name), constants.COPYFILE_FICLONE);
    }
  }
}

async function onnxruntimeVersion(): Promise<string> {
  const {env} = await import('onnxruntime-node');
  return env.versions.common;
}
