import {hash} from 'node:crypto';
import {existsSync, readFileSync} from 'node:fs';
import {basename, join} from 'node:path';
import {defined} from '../../common/defined.ts';
import {modelPath, RUN_MODEL_FILE, RUNS_FOLDER} from '../../model/model-path.ts';
import {loadWeights} from '../../pretrained/load-weights.ts';
import type {PretrainedRecord, TrainingConfiguration} from '../configuration.ts';
import {layoutOf} from '../layers/layout-layers.ts';
import type {PixelNormalization} from '../layers/pixels.ts';
import {NETWORKS} from '../networks/index.ts';
import type {LearntWeights} from './initial-weights.ts';
import {weightsOfModel} from './weights-of-model.ts';

/** Which weights that others trained a network begins with. */
export interface PretrainedChoice {
  /** A tag, a file of weights, or a model of rice; the usual weights of the network if missing. */
  source?: string;
  /** Whether their license may forbid commercial use. */
  allowNonCommercial?: boolean;
}

export interface LoadEvents {
  /** Bytes of a download. */
  onProgress(done: number, total: number): void;
  onNote(message: string): void;
  signal: AbortSignal;
}

export interface Learnt {
  weights: LearntWeights;
  record: PretrainedRecord;
  normalization?: PixelNormalization;
}

/** The number of labels that a layout is made for where only names and shapes apart from the classifier matter. */
export const ANY_LABELS = 2;

/**
 * Loads weights that others trained.
 *
 * @throws RiceError of `loadWeights` and `weightsOfModel`
 */
export async function loadLearnt(
  {network, input}: Pick<TrainingConfiguration, 'network' | 'input'>,
  {source, allowNonCommercial}: PretrainedChoice,
  {onProgress, onNote, signal}: LoadEvents,
): Promise<Learnt> {
  const model = source === undefined ? undefined : modelOf(source);
  if (model !== undefined) {
    const weights = weightsOfModel(model, network, layoutOf(NETWORKS[network], input, ANY_LABELS));
    const bytes = readFileSync(model);
    return {weights, record: {source: basename(source!), bytes: bytes.length, sha256: hash('sha256', bytes)}};
  }
  const options = {onProgress, onNote, signal, ...defined({allowNonCommercial})};
  const {tensors, record, normalization} = await loadWeights(network, source, options);
  return {weights: {tensors}, record, ...defined({normalization})};
}

/** The model file of rice that a source stands for, if it does. */
function modelOf(source: string): string | undefined {
  const isRun = [source, join(RUNS_FOLDER, source)].some((folder) => existsSync(join(folder, RUN_MODEL_FILE)));
  return source.endsWith('.onnx') || isRun ? modelPath(source) : undefined;
}
