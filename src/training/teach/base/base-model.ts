import {RiceError} from '../../../common/errors.ts';
import type {RiceMetadata} from '../../../model/metadata.ts';
import {readModelFile, shippedModel} from '../../../model/model-file.ts';
import type {ScoreName} from '../../../model/outputs.ts';
import {Graph} from '../../../onnx/graph.ts';
import {decodeModel, encodeModel, readMetadata} from '../../../onnx/model.ts';
import type {GraphProto} from '../../../onnx/schema.ts';
import type {Value} from '../../../onnx/types.ts';
import {channelStatistics} from '../../layers/channel-statistics.ts';
import {concatenate} from '../../operators/concatenate.ts';
import {MOST_DIMENSIONS} from '../../scores/reduction.ts';
import {baseGraph, baseName, continueGraph} from './join-graphs.ts';
import {decodePopulation, type Population} from './population.ts';
import {type NamedValue, TEACHING_FORMAT, TEACHING_KEY, type TeachingRecord} from './teaching-record.ts';

/** The name of the model that comes with rice. */
export const SHIPPED = 'rice';

/** A model from which another one is made. */
export interface BaseModel {
  path: string;
  sha256: string;
  metadata: RiceMetadata;
  /** Its graph, whose values have the names of `baseName`. */
  graph: GraphProto;
  record: TeachingRecord;
  population: Population;
  /** The scores that it gives beside the probabilities. */
  scores: readonly ScoreName[];
}

/**
 * Reads a model to make another one from.
 *
 * @param named `rice` for the one that comes with rice, a model file, the folder of a run, or what else `--model` takes
 * @throws RiceError MODEL_NOT_TEACHABLE for one that does not say what is in it; and as `readModelFile`
 */
export function readBaseModel(named: string): BaseModel {
  const {path, bytes, sha256, metadata, outputs} = readModelFile(named === SHIPPED ? shippedModel() : named);
  const text = readMetadata(bytes)?.[TEACHING_KEY];
  if (!metadata || text === undefined) throw notTeachable(path, reasonFor(metadata, outputs.features));
  try {
    const record = JSON.parse(text) as TeachingRecord;
    if (record.format !== TEACHING_FORMAT) throw new RangeError(`format ${String(record.format)}`);
    const population = decodePopulation(record.population, metadata.labels.length);
    const graph = baseGraph(decodeModel(bytes).graph);
    return {path, sha256, metadata, graph, record, population, scores: outputs.scores};
  } catch (error) {
    throw notTeachable(path, `what it says of itself cannot be read: ${(error as Error).message}`, error);
  }
}

function reasonFor(metadata: RiceMetadata | undefined, features: number): string {
  if (metadata?.export) return `it is an export, in the format ${metadata.export.format}, of a model that can`;
  if (metadata && features > MOST_DIMENSIONS)
    return `its ${features} features are more than the ${MOST_DIMENSIONS} that others can be made with`;
  return metadata ? 'an earlier version of rice wrote it' : 'rice did not write it';
}

function notTeachable(path: string, reason: string, cause?: unknown): RiceError {
  return new RiceError('MODEL_NOT_TEACHABLE', `no model can be made from ${path}: ${reason}`, {
    suggestions: ['Start from the model that comes with rice: --from rice', 'Or train from scratch: rice train DIR'],
    cause,
  });
}

/** The base's values as inputs of a graph that is put behind it. */
export class BaseInputs {
  readonly graph = new Graph();
  readonly #bound = new Map<string, string>();

  /** A value of the base that its record names. */
  value({name, shape}: NamedValue): Value {
    return this.named(baseName(name), shape);
  }

  /** A value of the base's graph by its name there. */
  named(name: string, shape: readonly number[]): Value {
    const input = `in.${name}`;
    const known = this.#inputs.get(input);
    if (known) return known;
    const value = this.graph.input(input, 'float32', ['N', ...shape]);
    this.#inputs.set(input, value);
    this.#bound.set(input, name);
    return value;
  }

  /** The base's graph with what was added to this one behind it. */
  behind(base: GraphProto): GraphProto {
    return continueGraph(base, this.#bound, this.graph.toProto('rice'));
  }

  readonly #inputs = new Map<string, Value>();
}

/** What a new classifier is fitted to: all vectors, and the statistics of all maps, side by side: [N, D]. */
export function descriptorOf(inputs: BaseInputs, {values}: TeachingRecord): Value {
  const {graph} = inputs;
  const parts = [
    ...values.vectors.map((each) => inputs.value(each)),
    ...values.maps.flatMap((each) => channelStatistics(graph, inputs.value(each))),
  ];
  return parts.length === 1 ? parts[0] : concatenate(graph, parts, 1);
}

/**
 * A model file that measures all of it: outputs `descriptor`, `features`, `logits`, `embedding`, and `capture` and `outline` if
 * the network computes them.
 */
export function measuringModel(base: BaseModel): Uint8Array {
  const inputs = new BaseInputs();
  const {values} = base.record;
  inputs.graph.output('descriptor', descriptorOf(inputs, base.record));
  for (const name of ['features', 'logits', 'embedding', 'capture', 'outline'] as const) {
    const value = values[name];
    if (value) inputs.graph.output(name, inputs.value(value));
  }
  return encodeModel(inputs.behind(base.graph));
}
