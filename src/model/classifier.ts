import {collectGarbage} from '../common/collect-garbage.ts';
import {defined} from '../common/defined.ts';
import {RiceError} from '../common/errors.ts';
import type {MemoryBudget} from '../common/memory-budget.ts';
import type {Flaw} from '../image/flaws/flaw.ts';
import {severeFlaws, slightFlaw} from '../image/flaws/flaws.ts';
import {windowFlaw} from '../image/flaws/window-flaws.ts';
import type {Frame} from '../image/frame.ts';
import type {GrainMeasurements} from '../image/prepare.ts';
import {measureWindow, type WindowMeasurements} from '../image/window/measure-window.ts';
import type {Device, DeviceChoice} from './devices.ts';
import type {ModelMetadata} from './metadata.ts';
import type {ModelAdapter, ModelOutput, PreparedInput} from './model-adapter.ts';
import {shippedModel} from './model-file.ts';
import {type OpenModel, openModel} from './open-model.ts';
import type {ModelOutputs} from './outputs.ts';
import {
  isFarFromAll,
  type Reason,
  rejectionOf,
  type Scores,
  type Thresholds,
  withConfidence,
  withConfidenceUpTo,
} from './rejection.ts';
import {DEFAULT_TRUST, type Trust} from './trust.ts';
import {WindowMemories} from './window-memory.ts';

export type {Device, DeviceChoice} from './devices.ts';
export type {Trust} from './trust.ts';

export interface Prediction {
  /** The most probable label, also where `known` is false. */
  label: string;
  /** Its probability. */
  confidence: number;
  /** False where the picture probably shows none of the labels. */
  known: boolean;
  reason?: Reason;
  probabilities: Record<string, number>;
  /** Distance of the grain from all labels, independent of the capture; only if the model computes it. */
  novelty?: number;
  /** Distance of scale, color and brightness from the training pictures; only if the model computes it. */
  capture?: number;
  /** Distance of the grain from all labels, its size, color and light taken at face value; only if the model computes it. */
  strangeness?: number;
  /** The same for size and proportions alone; only if the model computes it. */
  sizeNovelty?: number;
  /** Feature vector of the picture; only if `features` is set and the model has this output. */
  features?: Float32Array;
  /** Measurements of the grain, in pixels of the picture; missing if none was found or none was searched for. */
  grain?: GrainMeasurements;
  /** Remarks on how the picture was read. */
  notes?: string[];
  /** Measurements of the network's input; only if `measureWindows` is set. */
  window?: WindowMeasurements;
}

export interface ClassifierOptions {
  /** Path of an .onnx file, written by rice or external; default: the shipped model. */
  model?: string;
  device?: DeviceChoice;
  /** CPU threads; default: one per core. */
  threads?: number;
  /** Larger images are rejected before they are decoded. */
  maxPixels?: number;
  /** When an answer is accepted; default: `any-camera`. */
  trust?: Trust;
  /** An answer is unknown below this confidence, instead of the model's own; other reasons stay. */
  minConfidence?: number;
  /** Asks for no more confidence than this, where the model's thresholds or `minConfidence` would. */
  enoughConfidence?: number;
  /** Also measures brightness and area of each grain in its window, to compare them with the training pictures. */
  measureWindows?: boolean;
  /** Also returns each picture's feature vector, from which the network makes its decision. */
  features?: boolean;
  /** Receives warnings about problems that did not stop the work. */
  onWarning?: (message: string) => void;
}

/** Largest batch of images: larger ones are no faster and take more memory. */
export const MAX_BATCH = 64;

/** From this share of the training pictures on, they are mostly such. */
const MOSTLY = 0.5;
/** From this share on, what was measured of the model was measured on such, too. */
const MANY = 0.1;

/** Bytes of the windows of a batch: of large windows, fewer go through the network at once. */
const MAX_BATCH_BYTES = 1 << 28;

/** What a thread of several adds. */
export interface ClassifierHooks {
  /** Shares the memory for decoding with other threads. */
  memory?: MemoryBudget;
  /** Called before each picture is prepared. */
  onPicture?: () => void;
}

type PictureOptions = Pick<ClassifierOptions, 'maxPixels' | 'trust' | 'measureWindows' | 'features'> & ClassifierHooks;

/** What may differ between calls. */
export interface CallOptions {
  /** Instead of the classifier's own. */
  trust?: Trust;
  /** Whether the pictures were cut around grains: that a grain reaches their borders says nothing then. */
  cutOut?: boolean;
}

/** A loaded model: encoded images in, predictions out. */
export class Classifier {
  readonly model: {name: string; version: string; sha256: string; labels: string[]};
  readonly metadata: ModelMetadata;
  /** What the model computes besides the probabilities. */
  readonly outputs: ModelOutputs;
  readonly device: Device;
  /** Whether the model may compute without end, so that it should not do so in the main thread. */
  readonly mayLoop: boolean;
  /** When answers are accepted, unless a call says otherwise. */
  readonly trust: Trust;

  readonly #adapter: ModelAdapter;
  /** Whether the model learnt from pictures that are cut closely around their grains, or what from is not known. */
  readonly #learntCloseCuts: boolean;
  readonly #memories: WindowMemories;
  readonly #batch: number;
  readonly #thresholds: Thresholds;
  #released: Promise<void> | undefined;

  readonly #opened: OpenModel;
  readonly #options: PictureOptions;

  private constructor(
    opened: OpenModel,
    options: PictureOptions & Pick<ClassifierOptions, 'minConfidence' | 'enoughConfidence'>,
  ) {
    this.#opened = opened;
    this.#options = options;
    const {adapter, device, sha256} = opened;
    const {name, version, labels} = adapter.metadata;
    this.model = {name, version, sha256, labels};
    this.metadata = adapter.metadata;
    this.outputs = adapter.outputs;
    this.device = device;
    this.mayLoop = opened.mayLoop;
    this.trust = options.trust ?? DEFAULT_TRUST;
    const {unknown} = adapter.metadata;
    this.#thresholds = thresholdsOf(unknown, options);
    const {training} = adapter.metadata;
    this.#learntCloseCuts = training === undefined || (training.inputs?.closelyCut ?? 0) >= MOSTLY;
    this.#adapter = adapter;
    const {width, height} = adapter.metadata.input;
    const windowBytes = width * height * 3;
    this.#memories = new WindowMemories(windowBytes);
    this.#batch = Math.max(1, Math.min(MAX_BATCH, Math.floor(MAX_BATCH_BYTES / windowBytes)));
  }

  /**
   * Loads a model: one written by rice, or an external one with a JSON file beside it.
   *
   * @throws RiceError MODEL_NOT_FOUND, PATH_NOT_READABLE, MODEL_INVALID, MODEL_DAMAGED, MODEL_METADATA, MODEL_DESCRIPTION,
   *   or DEVICE_UNAVAILABLE for a device that was named
   */
  static async load(options: ClassifierOptions = {}, hooks: ClassifierHooks = {}): Promise<Classifier> {
    return new Classifier(await openModel(options.model ?? shippedModel(), options), {...options, ...hooks});
  }

  /** Runs the network once on an empty picture, so that the first real picture is not slow. */
  async warmUp(): Promise<void> {
    const {width, height} = this.metadata.input;
    await this.#infer([new Uint8Array(width * height * 3)]);
  }

  /**
   * Classifies encoded images. The results are in the order of the images: a prediction, or the error that says why the
   * image cannot be used.
   *
   * @throws TypeError if `images` is not an array of `Uint8Array` (a `Buffer` is one); RiceError MODEL_INVALID or
   *   MODEL_DESCRIPTION if the model fails, or its outputs differ from its description
   */
  async classify(images: Uint8Array[], call: CallOptions = {}): Promise<(Prediction | RiceError)[]> {
    requireBytes(images);
    const results: (Prediction | RiceError)[] = [];
    for (let start = 0; start < images.length; start += this.#batch) {
      results.push(...(await this.#classifyBatch(images.slice(start, start + this.#batch), call)));
    }
    return results;
  }

  /** Classifies decoded pictures. Each is prepared as it arrives, and only the windows of a batch are kept. */
  async classifyFrames(frames: AsyncIterable<Frame>, call: CallOptions = {}): Promise<Prediction[]> {
    const predictions: Prediction[] = [];
    let batch: PreparedInput[] = [];
    const classify = async () => {
      const outputs = await this.#infer(batch.map(({window}) => window));
      predictions.push(...batch.map((each, i) => this.#predictionOf(each, outputs[i], call)));
      batch = [];
    };
    for await (const frame of frames) {
      batch.push(this.#adapter.prepareFrame(frame));
      if (batch.length === this.#batch) await classify();
    }
    if (batch.length > 0) await classify();
    return predictions;
  }

  /**
   * Classifies windows that the caller prepared, in the format of `probabilities`. The original pictures are not known, so
   * an answer can only be rejected because of the model's outputs.
   */
  async classifyWindows(windows: Uint8Array[], call: CallOptions = {}): Promise<Prediction[]> {
    const predictions: Prediction[] = [];
    for (let start = 0; start < windows.length; start += this.#batch) {
      const batch = windows.slice(start, start + this.#batch);
      const outputs = await this.#infer(batch);
      outputs.forEach((output, i) => {
        predictions.push(this.#prediction({window: batch[i], notes: []}, output, call));
      });
    }
    return predictions;
  }

  /**
   * The windows that the network would be given for encoded images (uint8 RGB, H * W * 3 bytes each), each to keep, or the error
   * that says why an image has none.
   */
  async windowsOf(images: Uint8Array[]): Promise<(Uint8Array | RiceError)[]> {
    requireBytes(images);
    const {width, height} = this.metadata.input;
    const windows: (Uint8Array | RiceError)[] = [];
    for (const bytes of images) {
      const prepared = await this.#prepare(bytes, new Uint8Array(width * height * 3));
      windows.push(prepared instanceof RiceError ? prepared : prepared.window);
    }
    return windows;
  }

  /** Closes the session. The classifier cannot be used afterwards; a second call does nothing. */
  async release(): Promise<void> {
    this.#released ??= this.#opened.release();
    await this.#released;
  }

  /** Probabilities of prepared windows (uint8 RGB, H * W * 3 bytes each): one row of C values per window. */
  async probabilities(windows: Uint8Array[]): Promise<Float32Array[]> {
    return (await this.#infer(windows)).map(({probabilities}) => probabilities);
  }

  #infer(windows: Uint8Array[]): Promise<ModelOutput[]> {
    return this.#adapter.infer(windows, {features: this.#options.features ?? false});
  }

  async #classifyBatch(images: Uint8Array[], call: CallOptions): Promise<(Prediction | RiceError)[]> {
    const memory = this.#memories.take(images.length);
    const prepared: (PreparedInput | RiceError)[] = [];
    const windows: Uint8Array[] = [];
    // One after the other, because decoded pictures are large; only the prepared windows are kept.
    for (const bytes of images) {
      const each = await this.#prepare(bytes, memory.at(windows.length));
      prepared.push(each);
      if (!(each instanceof RiceError)) windows.push(each.window);
    }
    if (windows.length === 0) return prepared as RiceError[];
    const outputs = await this.#infer(windows);
    this.#memories.giveBack(memory);
    let next = 0;
    return prepared.map((each) => (each instanceof RiceError ? each : this.#predictionOf(each, outputs[next++], call)));
  }

  async #prepare(bytes: Uint8Array, into: Uint8Array): Promise<PreparedInput | RiceError> {
    const {maxPixels, memory, onPicture} = this.#options;
    try {
      onPicture?.();
      return await this.#adapter.prepare(bytes, defined({maxPixels, memory}), into);
    } catch (error) {
      if (error instanceof RiceError) return error;
      throw error;
    } finally {
      if (memory?.held) {
        await collectGarbage();
        memory.free();
      }
    }
  }

  #predictionOf({noticed, ...prepared}: PreparedInput, output: ModelOutput, call: CallOptions): Prediction {
    // A grain that was cut out lies alone, whatever its outline looks like.
    const seen = {...prepared, ...defined({noticed: call.cutOut ? undefined : noticed})};
    return this.#prediction(seen, output, call, this.#rejectionOfGrain(seen));
  }

  #prediction(
    prepared: PreparedInput,
    {probabilities, ...further}: ModelOutput,
    {trust = this.trust, cutOut = false}: CallOptions,
    rejection?: Reason,
  ): Prediction {
    const {window, grain, notes} = prepared;
    const {labels} = this.model;
    const best = probabilities.indexOf(Math.max(...probabilities));
    const confidence = probabilities[best];
    const reason = rejection ?? this.#rejectionByScores({confidence, ...further}, prepared, {trust, cutOut});
    return {
      label: labels[best],
      confidence,
      known: reason === undefined,
      ...defined({reason}),
      probabilities: Object.fromEntries(labels.map((label, i) => [label, probabilities[i]])),
      ...further,
      ...defined({grain}),
      ...(notes.length === 0 ? {} : {notes}),
      ...(this.#options.measureWindows ? {window: measureWindow(window)} : {}),
    };
  }

  #rejectionOfGrain(prepared: PreparedInput): Reason | undefined {
    const {grain} = prepared;
    if (this.#adapter.findsGrain && !grain) return 'no grain';
    if (grain && grain.objects > 1) return 'several grains';
    return severeFlaws(prepared).find((flaw) => !this.#learntFrom(flaw));
  }

  /** Where the picture has a flaw, that is why the model is not sure. */
  #rejectionByScores(
    scores: Scores,
    prepared: PreparedInput,
    {trust, cutOut}: Required<CallOptions>,
  ): Reason | undefined {
    const closelyCut = this.#learntCloseCuts ? undefined : prepared.closelyCut;
    const reason = rejectionOf(scores, this.#thresholds, {trust, closelyCut});
    if (reason === undefined || !this.#adapter.findsGrain) return reason;
    // Of what is cut closely, the scale is not known, however good the picture is.
    if (closelyCut && reason === 'capture too different to be sure') return reason;
    if (isFarFromAll(scores, this.#thresholds)) return reason;
    const flaw = slightFlaw(prepared) ?? windowFlaw(prepared.window, this.metadata.input);
    return flaw === undefined || (cutOut && flaw === 'touching something') ? reason : flaw;
  }

  /** Whether many of the pictures that the model learnt from had a flaw, or what from is not known. */
  #learntFrom(flaw: Flaw): boolean {
    const {training} = this.metadata;
    return training === undefined || (training.inputs?.flaws?.[flaw] ?? 0) >= MANY;
  }
}

/** For callers without types. */
function requireBytes(images: unknown): void {
  if (!Array.isArray(images))
    throw new TypeError(`classify expects an array of Uint8Array, the bytes of image files; got ${nameOf(images)}`);
  const wrong = images.findIndex((image) => !(image instanceof Uint8Array));
  if (wrong >= 0)
    throw new TypeError(
      `classify expects an array of Uint8Array, the bytes of image files; item ${wrong} is ${nameOf(images[wrong])}`,
    );
}

function nameOf(value: unknown): string {
  return typeof value === 'object' && value !== null ? (value.constructor?.name ?? 'an object') : String(typeof value);
}

/** The thresholds of the model with what was asked for instead. */
function thresholdsOf(unknown: Thresholds, {minConfidence, enoughConfidence}: ClassifierOptions): Thresholds {
  const asked = minConfidence === undefined ? unknown : withConfidence(unknown, minConfidence);
  return enoughConfidence === undefined ? asked : withConfidenceUpTo(asked, enoughConfidence);
}
