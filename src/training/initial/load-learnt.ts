import {basename, dirname, join, resolve} from 'node:path';
import {defined} from '../../common/defined.ts';
import {readModelFile, shippedModel} from '../../model/model-file.ts';
import {RUN_MODEL_FILE} from '../../model/model-path.ts';
import {loadWeights} from '../../pretrained/load-weights.ts';
import type {PretrainedRecord, TrainingConfiguration} from '../configuration.ts';
import {layoutOfAnyLabels} from '../layers/layout-layers.ts';
import type {PixelNormalization} from '../layers/pixels.ts';
import {NETWORKS} from '../networks/index.ts';
import {isRun} from '../run/is-run.ts';
import {SHIPPED} from '../teach/base/base-model.ts';
import {checkWeights} from './check-weights.ts';
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
  /** Whether batch normalization is folded into the weights. */
  folded?: true;
}

/**
 * Loads weights that others trained.
 *
 * @throws RiceError of `loadWeights`, `weightsOfModel` and `checkWeights`
 */
export async function loadLearnt(
  {network, input}: Pick<TrainingConfiguration, 'network' | 'input'>,
  {source, allowNonCommercial}: PretrainedChoice,
  {onProgress, onNote, signal}: LoadEvents,
): Promise<Learnt> {
  const layout = layoutOfAnyLabels(NETWORKS[network], input);
  const model = source === undefined ? undefined : modelOf(source);
  if (model !== undefined) {
    const file = readModelFile(model);
    const {weights, normalization} = weightsOfModel(file, network, layout);
    checkWeights(network, layout, weights.tensors, file.path);
    const record = {source: shortName(file.path), bytes: file.bytes.length, sha256: file.sha256};
    return {weights, record, folded: true, ...defined({normalization})};
  }
  const options = {onProgress, onNote, signal, ...defined({allowNonCommercial})};
  const {tensors, record, normalization} = await loadWeights(network, source, options);
  checkWeights(network, layout, tensors, record.source);
  if (record.license !== undefined) onNote(`weights of ${record.source}, license ${record.license}`);
  return {weights: {tensors}, record, ...defined({normalization})};
}

/** The model of rice that a source stands for, if it does: a file, the folder or name of a run, or the words for some of them. */
function modelOf(source: string): string | undefined {
  if (source === SHIPPED) return shippedModel();
  return source.endsWith('.onnx') || isRun(source) ? source : undefined;
}

/** Without the folders of this machine, as in the record of other files; the model of a run is known by the run. */
function shortName(path: string): string {
  const name = basename(path);
  return name === RUN_MODEL_FILE ? join(basename(dirname(resolve(path))), name) : name;
}
