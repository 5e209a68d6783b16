import {collectGarbage} from '../common/collect-garbage.ts';
import {defined} from '../common/defined.ts';
import {RiceError} from '../common/errors.ts';
import type {MemoryBudget} from '../common/memory-budget.ts';
import type {Frame} from '../image/frame.ts';
import type {Device, DeviceChoice} from './devices.ts';
import {type CallOptions, Judge, type JudgeOptions, type Prediction} from './judge.ts';
import type {ModelMetadata} from './metadata.ts';
import type {ModelAdapter, ModelOutput, PreparedInput} from './model-adapter.ts';
import {shippedModel} from './model-file.ts';
import {type OpenModel, openModel} from './open-model.ts';
import type {ModelOutputs} from './outputs.ts';
import type {Trust} from './trust.ts';
import {WindowMemories} from './window-memory.ts';

export type {Device, DeviceChoice} from './devices.ts';
export type {CallOptions, Prediction} from './judge.ts';
export type {Trust} from './trust.ts';

export interface ClassifierOptions extends JudgeOptions {
  /** Path of an .onnx file, written by rice or external; default: the shipped model. */
  model?: string;
  device?: DeviceChoice;
  /** CPU threads; default: one per core. */
  threads?: number;
  /** Larger images are rejected before they are decoded. */
  maxPixels?: number;
  /** Also returns each picture's feature vector, from which the network makes its decision. */
  features?: boolean;
  /** Receives warnings about problems that did not stop the work. */
  onWarning?: (message: string) => void;
}

/** Largest batch of images: larger ones are no faster and take more memory. */
export const MAX_BATCH = 64;

/** Bytes of the windows of a batch: of large windows, fewer go through the network at once. */
const MAX_BATCH_BYTES = 1 << 28;

/** What a thread of several adds. */
export interface ClassifierHooks {
  /** Shares the memory for decoding with other threads. */
  memory?: MemoryBudget;
  /** Called before each picture is prepared. */
  onPicture?: () => void;
}

type PictureOptions = Pick<ClassifierOptions, 'maxPixels' | 'features'> & JudgeOptions & ClassifierHooks;

/** A loaded model: encoded images in, predictions out. */
export class Classifier {
  readonly model: {name: string; version: string; sha256: string; labels: string[]};
  readonly metadata: ModelMetadata;
  /** What the model computes besides the probabilities. */
  readonly outputs: ModelOutputs;
  readonly device: Device;
  /** Whether the model may compute without end, so that it should not do so in the main thread. */
  readonly mayLoop: boolean;
  readonly #adapter: ModelAdapter;
  readonly #judge: Judge;
  readonly #memories: WindowMemories;
  readonly #batch: number;
  #released: Promise<void> | undefined;

  readonly #opened: OpenModel;
  readonly #options: PictureOptions;

  private constructor(opened: OpenModel, options: PictureOptions) {
    this.#opened = opened;
    this.#options = options;
    const {adapter, device, sha256} = opened;
    const {name, version, labels} = adapter.metadata;
    this.model = {name, version, sha256, labels};
    this.metadata = adapter.metadata;
    this.outputs = adapter.outputs;
    this.device = device;
    this.mayLoop = opened.mayLoop;
    this.#judge = new Judge(adapter, options);
    this.#adapter = adapter;
    const {width, height} = adapter.metadata.input;
    const windowBytes = width * height * 3;
    this.#memories = new WindowMemories(windowBytes);
    this.#batch = Math.max(1, Math.min(MAX_BATCH, Math.floor(MAX_BATCH_BYTES / windowBytes)));
  }

  /** When answers are accepted, unless a call says otherwise. */
  get trust(): Trust {
    return this.#judge.trust;
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
      predictions.push(...batch.map((each, i) => this.#judge.ofPicture(each, outputs[i], call)));
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
        predictions.push(this.#judge.ofWindow(batch[i], output, call));
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
    return prepared.map((each) =>
      each instanceof RiceError ? each : this.#judge.ofPicture(each, outputs[next++], call),
    );
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
