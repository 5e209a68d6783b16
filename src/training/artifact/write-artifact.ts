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
import {buildStepGraph} from '../graphs/step-graph.ts';
import {layoutOf} from '../layers/layout-layers.ts';
import {NETWORKS} from '../networks/index.ts';
import {OPTIMIZERS} from '../optimizers.ts';
import {initialParameters, initialStatistics} from '../parameters.ts';
import {writeProgress, writeState} from './checkpoint.ts';
import {EVALUATION_FILE, IMAGES_FOLDER, MANIFEST_FILE, type Manifest, STEP_FILE} from './manifest.ts';

/**
 * Writes the training artifact: graphs, manifest, initial state and images. The folder is self-contained; the images are
 * hard links to the cache if the file system allows, so they take no extra space.
 */
export async function writeArtifact(
  folder: string,
  configuration: TrainingConfiguration,
  images: PreparedCache,
  {split, parts, limits}: Pick<Manifest, 'split' | 'parts' | 'limits'>,
): Promise<void> {
  const {network: name, optimizer, input, batchSize, schedule, augmentation, seed, device, threads} = configuration;
  const network = NETWORKS[name];
  const labels = [...images.labels];
  const layout = layoutOf(network, input, labels.length);
  const {graph, state, scalars, noise} = buildStepGraph({
    network,
    layout,
    optimizer: OPTIMIZERS[optimizer],
    batchSize,
    ...input,
    classes: labels.length,
    labelSmoothing: configuration.labelSmoothing,
    dropout: configuration.dropout,
    clipNorm: configuration.clipNorm,
  });
  const graphs = {
    [STEP_FILE]: encodeModel(graph.toProto('training step')),
    [EVALUATION_FILE]: encodeModel(buildEvaluationGraph(network, layout, input, labels.length).toProto('evaluation')),
  };
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
    augmentation,
    device,
    threads,
    state,
    scalars,
    noise,
    layout,
    onnxruntime: await onnxruntimeVersion(),
    digests: Object.fromEntries(Object.entries(graphs).map(([file, bytes]) => [file, hash('sha256', bytes)])),
  };
  const parameters = initialParameters(layout, seed);
  const statistics = initialStatistics(layout);
  const initial: Record<string, Float32Array> = {
    parameters,
    statistics,
    averagedParameters: parameters,
    averagedStatistics: statistics,
  };
  try {
    mkdirSync(join(folder, IMAGES_FOLDER), {recursive: true});
    linkFiles(images.folder, join(folder, IMAGES_FOLDER));
    for (const [file, bytes] of Object.entries(graphs)) writeFileSync(join(folder, file), bytes);
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
