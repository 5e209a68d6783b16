import {RiceError} from '../common/errors.ts';
import type {Flaw} from '../image/flaws/flaw.ts';
import {PREPARATION_VERSION} from '../image/prepare.ts';
import type {Fit} from '../image/resize/fit-image.ts';
import {MAX_MAGNIFICATION} from '../image/window/canvas.ts';
import {readInterface, readMetadata} from '../onnx/model.ts';
import {isIntact, SEAL_KEY} from '../onnx/seal.ts';
import {graphMismatch} from './graph-mismatch.ts';
import {findOutputs, type ModelOutputs, SCORES} from './outputs.ts';
import type {Scores, Thresholds} from './rejection.ts';

/** The key of the document in the ONNX file's metadata_props. */
export const METADATA_KEY = 'rice';
export const METADATA_SCHEMA = 1;

/**
 * How a picture becomes a model's input: the grain is found, centered, its long axis made horizontal, and the background
 * made black; or the whole picture is fitted in one of three ways.
 */
export type Resize = RiceResize | Fit;

/** How rice's own models see pictures: `whole-picture` searches for no grain. */
export type RiceResize = (typeof RICE_RESIZES)[number];
export const RICE_RESIZES = ['aligned-grain', 'whole-picture'] as const;

/** What every model declares: the only source of labels, input size and thresholds. */
export interface ModelMetadata {
  name: string;
  /** Semantic version of the model. */
  version: string;
  /** In the order of the outputs. */
  labels: string[];
  input: {width: number; height: number; magnification?: number; resize: Resize};
  /** Divides the logits before the softmax. */
  temperature: number;
  /** An answer counts as unknown below this confidence or above these other scores; `sameCamera` has those of the strict setting. */
  unknown: Thresholds;
  /** Missing for an external model. */
  training?: TrainingRecord;
  accuracy?: {validation: MeasuredAccuracy; test?: MeasuredAccuracy};
  /** Missing in a model that is as training made it. */
  export?: ExportRecord;
}

/** How a model file was made of another one in another format. */
export interface ExportRecord {
  format: string;
  /** SHA-256 of the other one. */
  from: string;
  /** How far the answers differ: the share of pictures with the same label, and the most that any probability differs. */
  compared: {images: number; drawn: boolean; agreement: number; largestDifference: number};
  /** Of a model with weights of 8 bits or fewer: what it was calibrated by, and what it was worth before and after. */
  quantization?: {
    weightBits: number;
    /** Convolutions and products with weights, and how many of them stay float32. */
    layers: number;
    float32Layers: number;
    calibrationImages: number;
    validationImages: number;
    before: QuantizedAccuracy;
    after: QuantizedAccuracy;
  };
}

/** All from 0 to 1. */
export interface QuantizedAccuracy {
  accuracy: number;
  /** Expected calibration error. */
  ece: number;
  /** The share of pictures of known labels that are answered "unknown". */
  rejected: number;
  /** The share of pictures of what is none of the labels that are not. */
  unlikeAccepted: number;
}

/** The metadata of a model file written by rice. */
export interface RiceMetadata extends ModelMetadata {
  schema: typeof METADATA_SCHEMA;
  input: {
    width: number;
    height: number;
    /** How much larger than usual the window shows a grain; missing if it is 1. */
    magnification?: number;
    resize: RiceResize;
    /** The version of the preparation. */
    preparation: number;
  };
  training: TrainingRecord;
  accuracy: {validation: MeasuredAccuracy; test?: MeasuredAccuracy};
}

export interface MeasuredAccuracy {
  images: number;
  accuracy: number;
}

/** How a model was trained. */
export interface TrainingRecord {
  network: string;
  parameters: number;
  dataset: {digest: string; images: number; labels: Record<string, number>};
  split: {
    seed: number;
    fractions: {train: number; validation: number; test: number};
    /** Where the parts of labels with few pictures end; missing in models of before 2.0. */
    cuts?: Record<string, readonly [train: number, validation: number]>;
    /** The dataset brought its own split. */
    given?: true;
  };
  seed: number;
  epochs: number;
  device: string;
  configuration: Record<string, unknown>;
  /** SHA-256 of the weights and running statistics in the checkpoint. */
  weights: string;
  onnxruntime: string;
  date: string;
  /** Statistics of the training pictures; missing in older models. */
  inputs?: InputRecord;
}

/** Brightness and area of the grains in the windows of the training pictures, as `measureWindow` measures them. */
export interface InputRecord {
  images: number;
  brightness: Distribution;
  area: Distribution;
  /** The share of all pictures that were cut closely around their grain; missing if there were none. */
  closelyCut?: number;
  /** The share of all pictures that had each flaw with which others are not answered; missing if there were none. */
  flaws?: Partial<Record<Flaw, number>>;
}

export interface Distribution {
  mean: number;
  deviation: number;
  /** The nine values that divide the pictures into tenths, ascending. */
  deciles: number[];
}

/** What is read of a model file before it is opened. */
export interface ModelDescription {
  metadata: RiceMetadata;
  outputs: ModelOutputs;
}

/**
 * Reads the metadata that rice writes into a model file and compares them with its graph; undefined if there are none, as in
 * an external model.
 *
 * @throws RiceError MODEL_INVALID if the bytes are not an ONNX model, MODEL_DAMAGED if they are not those that rice wrote,
 *   MODEL_METADATA if the metadata cannot be used, or contradict the graph
 */
export function parseMetadata(bytes: Uint8Array, path: string): ModelDescription | undefined {
  if (readMetadata(bytes)?.[SEAL_KEY] !== undefined && isIntact(bytes) === false) throw damaged(path);
  return describeModel(bytes, path);
}

/** The same for bytes that are known to be those that rice wrote. */
export function describeModel(bytes: Uint8Array, path: string): ModelDescription | undefined {
  const entries = readMetadata(bytes);
  if (!entries) throw new RiceError('MODEL_INVALID', `${path} is not an ONNX model`);
  const text = entries[METADATA_KEY];
  if (text === undefined) return undefined;
  let document: Partial<RiceMetadata>;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw new RiceError('MODEL_METADATA', `the metadata of ${path} is not JSON`, {cause: error});
  }
  const problem = problemOf(document);
  if (problem) throw unusable(path, problem);
  const metadata = document as RiceMetadata;
  refuseOtherPreparation(metadata, path);
  const graph = readInterface(bytes);
  if (!graph) throw new RiceError('MODEL_INVALID', `the graph of ${path} is damaged`);
  const outputs = findOutputs(graph);
  const mismatch = graphMismatch(metadata, graph, outputs.scores);
  if (mismatch) throw unusable(path, mismatch);
  return {metadata, outputs};
}

function damaged(path: string): RiceError {
  return new RiceError('MODEL_DAMAGED', `${path} was changed since it was written: its SHA-256 is another`, {
    suggestions: [
      'Copy or download it again.',
      `If it was changed on purpose, remove ${SEAL_KEY} from its metadata_props.`,
    ],
  });
}

function unusable(path: string, problem: string): RiceError {
  return new RiceError('MODEL_METADATA', `the metadata of ${path} cannot be used: ${problem}`);
}

/** The network would be shown pictures that look otherwise than those that it learnt from. */
function refuseOtherPreparation({input: {preparation}}: RiceMetadata, path: string): void {
  if (preparation === PREPARATION_VERSION) return;
  throw new RiceError(
    'MODEL_METADATA',
    `the metadata of ${path} cannot be used: its pictures were prepared by version ${preparation}, this version of rice prepares them by ${PREPARATION_VERSION}`,
    {suggestions: ['Train it again with this version of rice, or use the version that wrote it.']},
  );
}

function problemOf(document: Partial<RiceMetadata> | null): string | undefined {
  if (typeof document !== 'object' || document === null) return 'it is not an object';
  const {schema, labels, input, unknown} = document;
  if (schema !== METADATA_SCHEMA) return `its schema is ${schema}, this version of rice reads ${METADATA_SCHEMA}`;
  const named = Array.isArray(labels) && labels.length >= 2 && labels.every((label) => typeof label === 'string');
  if (!named || new Set(labels).size !== labels.length) return 'labels must be two or more different names';
  if (![input?.width, input?.height].every((side) => Number.isInteger(side) && side! > 0 && side! <= 4096)) {
    return 'input.width and input.height must be whole numbers';
  }
  const {magnification = 1} = input!;
  if (!(magnification > 0 && magnification <= MAX_MAGNIFICATION))
    return `input.magnification must be a number up to ${MAX_MAGNIFICATION}`;
  if (!RICE_RESIZES.some((each) => each === input?.resize))
    return `input.resize is ${input?.resize}, it must be ${RICE_RESIZES.join(' or ')}`;
  return problemOfThresholds(unknown);
}

function problemOfThresholds(unknown: Thresholds | undefined): string | undefined {
  const problem = notNumber('unknown', unknown, [...SCORES, 'sure', 'captureLimit']);
  const {sameCamera} = unknown ?? {};
  return problem ?? (sameCamera === undefined ? undefined : notNumber('unknown.sameCamera', sameCamera, SCORES));
}

/** @param optional thresholds that may be missing */
function notNumber<Given extends Scores>(
  where: string,
  given: Given | undefined,
  optional: readonly (keyof Given & string)[],
): string | undefined {
  if (!Number.isFinite(given?.confidence)) return `${where}.confidence must be a number`;
  const wrong = optional.find((name) => given![name] !== undefined && !Number.isFinite(given![name]));
  return wrong && `${where}.${wrong} must be a number`;
}
