import {defined} from '../common/defined.ts';
import {RiceError} from '../common/errors.ts';
import type {Frame} from '../image/frame.ts';
import type {GrainMeasurements} from '../image/prepare.ts';
import {measureWindow, type WindowMeasurements} from '../image/window/measure-window.ts';
import type {Device, DeviceChoice} from './devices.ts';
import type {ModelMetadata} from './metadata.ts';
import type {ModelAdapter, ModelOutput, PreparedInput} from './model-adapter.ts';
import {shippedModel} from './model-file.ts';
import {type OpenModel, openModel} from './open-model.ts';
import type {ModelOutputs} from './outputs.ts';
import {type Reason, rejectionOf} from './rejection.ts';
import {WindowMemories} from './window-memory.ts';

export type {Device, DeviceChoice} from './devices.ts';

export interface Prediction {
  /** The most probable label, also where `known` is false. */
  label: string;
  /** Its probability. */
  confidence: number;
  /** False where the picture probably shows none of the labels. */
  known: boolean;
  reason?: Reason;
  probabilities: Record<string, number>;
  /** How far the grain is from all of the labels, whatever the capture was; only where the model tells. */
  novelty?: number;
  /** How far scale, color and brightness are from those of the training pictures; only where the model tells. */
  capture?: number;
  /** Numbers that describe the picture; only where `features` asks for them and the model has them. */
  features?: Float32Array;
  /** What was measured of the grain, in pixels of the picture; missing where none was found, or none looked for. */
  grain?: GrainMeasurements;
  /** What should be known about how the picture was read. */
  notes?: string[];
  /** Of what the network was shown; only where `measureWindows` asks for it. */
  window?: WindowMeasurements;
}

export interface ClassifierOptions {
  /** Path of an .onnx file, which may be an external one; the shipped model when left out. */
  model?: string;
  device?: DeviceChoice;
  /** CPU threads; one per core when left out. */
  threads?: number;
  /** Larger images are refused before they are decoded. */
  maxPixels?: number;
  /** Measures brightness and area of each grain in its window as well, to be held against those of the training. */
  measureWindows?: boolean;
  /** Gives the features of each picture as well, the numbers that the network makes its decision from. */
  features?: boolean;
  /** Told what did not go as asked but was no obstacle. */
  onWarning?: (message: string) => void;
}

/** The largest number of images that go through the network at once: more are no faster and take more memory. */
const MAX_BATCH = 64;

/** A loaded model: encoded images in, predictions out. */
export class Classifier {
  readonly model: {name: string; version: string; sha256: string; labels: string[]};
  readonly metadata: ModelMetadata;
  /** What the model gives beside the probabilities. */
  readonly outputs: ModelOutputs;
  readonly device: Device;

  readonly #adapter: ModelAdapter;
  readonly #memories: WindowMemories;
  #released: Promise<void> | undefined;

  readonly #opened: OpenModel;
  readonly #options: Pick<ClassifierOptions, 'maxPixels' | 'measureWindows' | 'features'>;

  private constructor(
    opened: OpenModel,
    options: Pick<ClassifierOptions, 'maxPixels' | 'measureWindows' | 'features'>,
  ) {
    this.#opened = opened;
    this.#options = options;
    const {adapter, device, sha256} = opened;
    const {name, version, labels} = adapter.metadata;
    this.model = {name, version, sha256, labels};
    this.metadata = adapter.metadata;
    this.outputs = adapter.outputs;
    this.device = device;
    this.#adapter = adapter;
    const {width, height} = adapter.metadata.input;
    this.#memories = new WindowMemories(width * height * 3);
  }

  /**
   * Loads a model: one written by rice, or an external one with a JSON file beside it.
   *
   * @throws RiceError MODEL_NOT_FOUND, PATH_NOT_READABLE, MODEL_INVALID, MODEL_METADATA, MODEL_DESCRIPTION, or
   *   DEVICE_UNAVAILABLE for a device that was named
   */
  static async load(options: ClassifierOptions = {}): Promise<Classifier> {
    return new Classifier(await openModel(options.model ?? shippedModel(), options), options);
  }

  /** Runs the network once on an empty picture, so that the first real one is not the slowest. */
  async warmUp(): Promise<void> {
    const {width, height} = this.metadata.input;
    await this.#infer([new Uint8Array(width * height * 3)]);
  }

  /**
   * Classifies encoded images. Each result stands in the place of its image: a prediction, or the error that tells why
   * that image cannot be used.
   *
   * @throws TypeError where `images` is not an array of `Uint8Array` (a `Buffer` is one); RiceError MODEL_INVALID or
   *   MODEL_DESCRIPTION where an external model fails, or gives other outputs than its description says
   */
  async classify(images: Uint8Array[]): Promise<(Prediction | RiceError)[]> {
    requireBytes(images);
    const results: (Prediction | RiceError)[] = [];
    for (let start = 0; start < images.length; start += MAX_BATCH) {
      results.push(...(await this.#classifyBatch(images.slice(start, start + MAX_BATCH))));
    }
    return results;
  }

  /**
   * Classifies decoded pictures, each prepared as it comes: only the windows are kept, all of which go through the network
   * together.
   */
  async classifyFrames(frames: AsyncIterable<Frame>): Promise<Prediction[]> {
    const prepared: PreparedInput[] = [];
    for await (const frame of frames) prepared.push(this.#adapter.prepareFrame(frame));
    const outputs = await this.#infer(prepared.map(({window}) => window));
    return prepared.map((each, i) => this.#judged(each, outputs[i]));
  }

  /**
   * Classifies windows that somebody else prepared, as `probabilities` takes them. What they were made of is not known, so
   * only what the model says of them is a reason for rejection.
   */
  async classifyWindows(windows: Uint8Array[]): Promise<Prediction[]> {
    const predictions: Prediction[] = [];
    for (let start = 0; start < windows.length; start += MAX_BATCH) {
      const batch = windows.slice(start, start + MAX_BATCH);
      const outputs = await this.#infer(batch);
      outputs.forEach((verdict, i) => {
        predictions.push(this.#prediction({window: batch[i], notes: []}, verdict, undefined));
      });
    }
    return predictions;
  }

  /** Ends the session. The classifier cannot be used any more; a second call does nothing. */
  async release(): Promise<void> {
    this.#released ??= this.#opened.release();
    await this.#released;
  }

  /** Probabilities of prepared windows (uint8 RGB, H * W * 3 bytes each): one row of C an image. */
  async probabilities(windows: Uint8Array[]): Promise<Float32Array[]> {
    return (await this.#infer(windows)).map(({probabilities}) => probabilities);
  }

  #infer(windows: Uint8Array[]): Promise<ModelOutput[]> {
    return this.#adapter.infer(windows, {features: this.#options.features ?? false});
  }

  async #classifyBatch(images: Uint8Array[]): Promise<(Prediction | RiceError)[]> {
    const memory = this.#memories.take(images.length);
    const prepared: (PreparedInput | RiceError)[] = [];
    const windows: Uint8Array[] = [];
    // One after the other: decoded pictures are large, and only the prepared windows are kept.
    for (const bytes of images) {
      const each = await this.#prepare(bytes, memory.at(windows.length));
      prepared.push(each);
      if (!(each instanceof RiceError)) windows.push(each.window);
    }
    if (windows.length === 0) return prepared as RiceError[];
    const outputs = await this.#infer(windows);
    this.#memories.giveBack(memory);
    let next = 0;
    return prepared.map((each) => (each instanceof RiceError ? each : this.#judged(each, outputs[next++])));
  }

  async #prepare(bytes: Uint8Array, into: Uint8Array): Promise<PreparedInput | RiceError> {
    try {
      const {maxPixels} = this.#options;
      return await this.#adapter.prepare(bytes, defined({maxPixels}), into);
    } catch (error) {
      if (error instanceof RiceError) return error;
      throw error;
    }
  }

  #judged(prepared: PreparedInput, verdict: ModelOutput): Prediction {
    return this.#prediction(prepared, verdict, this.#rejectionOfGrain(prepared));
  }

  #prediction(
    {window, grain, notes}: PreparedInput,
    {probabilities, ...further}: ModelOutput,
    rejection: Reason | undefined,
  ): Prediction {
    const {labels} = this.model;
    const best = probabilities.indexOf(Math.max(...probabilities));
    const confidence = probabilities[best];
    const reason = rejection ?? rejectionOf({confidence, ...further}, this.metadata.unknown);
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

  #rejectionOfGrain({grain}: PreparedInput): Reason | undefined {
    if (this.#adapter.findsGrain && !grain) return 'no grain';
    return grain && grain.objects > 1 ? 'several grains' : undefined;
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
