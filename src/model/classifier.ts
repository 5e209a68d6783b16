import {RiceError} from '../errors.ts';
import type {Frame} from '../image/frame.ts';
import {measureWindow, type WindowMeasurements} from '../image/measure-window.ts';
import type {GrainMeasurements} from '../image/prepare.ts';
import type {Device, DeviceChoice} from './devices.ts';
import type {Head, PreparedInput} from './head.ts';
import type {ModelMetadata} from './metadata.ts';
import {shippedModel} from './model-file.ts';
import {type OpenModel, openModel} from './open-model.ts';
import {WindowMemories} from './window-memory.ts';

export type {Device, DeviceChoice} from './devices.ts';

export interface Prediction {
  /** The most probable label, also where `known` is false. */
  label: string;
  /** Its probability. */
  confidence: number;
  /** False where the picture probably shows none of the labels. */
  known: boolean;
  reason?: 'no grain' | 'several grains' | 'low confidence';
  probabilities: Record<string, number>;
  /** What was measured of the grain, in pixels of the picture; missing where none was found, or none looked for. */
  grain?: GrainMeasurements;
  /** What should be known about how the picture was read. */
  notes?: string[];
  /** Of what the network was shown; only where `measureWindows` asks for it. */
  window?: WindowMeasurements;
}

export interface ClassifierOptions {
  /** Path of an .onnx file, which may be one from elsewhere; the shipped model when left out. */
  model?: string;
  device?: DeviceChoice;
  /** CPU threads; one per core when left out. */
  threads?: number;
  /** Larger images are refused before they are decoded. */
  maxPixels?: number;
  /** Measures brightness and area of each grain in its window as well, to be held against those of the training. */
  measureWindows?: boolean;
  /** Told what did not go as asked but was no obstacle. */
  onWarning?: (message: string) => void;
}

/** The largest number of images that go through the network at once: more are no faster and take more memory. */
const MAX_BATCH = 64;

/** A loaded model: encoded images in, predictions out. */
export class Classifier {
  readonly model: {name: string; version: string; sha256: string; labels: string[]};
  readonly metadata: ModelMetadata;
  readonly device: Device;

  private readonly head: Head;
  private readonly memories: WindowMemories;
  private released: Promise<void> | undefined;

  private constructor(
    private readonly opened: OpenModel,
    private readonly options: Pick<ClassifierOptions, 'maxPixels' | 'measureWindows'>,
  ) {
    const {head, device, sha256} = opened;
    const {name, version, labels} = head.metadata;
    this.model = {name, version, sha256, labels};
    this.metadata = head.metadata;
    this.device = device;
    this.head = head;
    const {width, height} = head.metadata.input;
    this.memories = new WindowMemories(width * height * 3);
  }

  /**
   * Loads a model: one written by rice, or one from elsewhere with a JSON file beside it.
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
    await this.probabilities([new Uint8Array(width * height * 3)]);
  }

  /**
   * Classifies encoded images. Each result stands in the place of its image: a prediction, or the error that tells why
   * that image cannot be used.
   *
   * @throws TypeError where `images` is not an array of `Uint8Array` (a `Buffer` is one); RiceError MODEL_INVALID or
   *   MODEL_DESCRIPTION where a model from elsewhere fails, or gives other outputs than its description says
   */
  async classify(images: Uint8Array[]): Promise<(Prediction | RiceError)[]> {
    requireBytes(images);
    const results: (Prediction | RiceError)[] = [];
    for (let start = 0; start < images.length; start += MAX_BATCH) {
      results.push(...(await this.classifyBatch(images.slice(start, start + MAX_BATCH))));
    }
    return results;
  }

  /**
   * Classifies decoded pictures, each prepared as it comes: only the windows are kept, all of which go through the network
   * together.
   */
  async classifyFrames(frames: AsyncIterable<Frame>): Promise<Prediction[]> {
    const prepared: PreparedInput[] = [];
    for await (const frame of frames) prepared.push(this.head.prepareFrame(frame));
    const probabilities = await this.probabilities(prepared.map(({window}) => window));
    return prepared.map((each, i) => this.judged(each, probabilities[i]));
  }

  /**
   * Classifies windows that somebody else prepared, as `probabilities` takes them. What they were made of is not known, so
   * only a low confidence is a reason for doubt.
   */
  async classifyWindows(windows: Uint8Array[]): Promise<Prediction[]> {
    const predictions: Prediction[] = [];
    for (let start = 0; start < windows.length; start += MAX_BATCH) {
      const batch = windows.slice(start, start + MAX_BATCH);
      const rows = await this.probabilities(batch);
      rows.forEach((row, i) => {
        predictions.push(this.prediction({window: batch[i], notes: []}, row, this.lowConfidence(row)));
      });
    }
    return predictions;
  }

  /** Ends the session. The classifier cannot be used any more; a second call does nothing. */
  async release(): Promise<void> {
    this.released ??= this.opened.release();
    await this.released;
  }

  /** Probabilities of prepared windows (uint8 RGB, H * W * 3 bytes each): one row of C an image. */
  probabilities(windows: Uint8Array[]): Promise<Float32Array[]> {
    return this.head.probabilities(windows);
  }

  private async classifyBatch(images: Uint8Array[]): Promise<(Prediction | RiceError)[]> {
    const memory = this.memories.take(images.length);
    const prepared: (PreparedInput | RiceError)[] = [];
    const windows: Uint8Array[] = [];
    // One after the other: decoded pictures are large, and only the prepared windows are kept.
    for (const bytes of images) {
      const each = await this.prepare(bytes, memory.at(windows.length));
      prepared.push(each);
      if (!(each instanceof RiceError)) windows.push(each.window);
    }
    if (windows.length === 0) return prepared as RiceError[];
    const probabilities = await this.probabilities(windows);
    this.memories.giveBack(memory);
    let next = 0;
    return prepared.map((each) => (each instanceof RiceError ? each : this.judged(each, probabilities[next++])));
  }

  private async prepare(bytes: Uint8Array, into: Uint8Array): Promise<PreparedInput | RiceError> {
    try {
      const {maxPixels} = this.options;
      return await this.head.prepare(bytes, maxPixels === undefined ? {} : {maxPixels}, into);
    } catch (error) {
      if (error instanceof RiceError) return error;
      throw error;
    }
  }

  private judged(prepared: PreparedInput, probabilities: Float32Array): Prediction {
    return this.prediction(prepared, probabilities, this.doubt(prepared, probabilities));
  }

  private prediction(
    {window, grain, notes}: PreparedInput,
    probabilities: Float32Array,
    reason: Prediction['reason'],
  ): Prediction {
    const {labels} = this.model;
    const best = probabilities.indexOf(Math.max(...probabilities));
    const confidence = probabilities[best];
    return {
      label: labels[best],
      confidence,
      known: reason === undefined,
      ...(reason === undefined ? {} : {reason}),
      probabilities: Object.fromEntries(labels.map((label, i) => [label, probabilities[i]])),
      ...(grain === undefined ? {} : {grain}),
      ...(notes.length === 0 ? {} : {notes}),
      ...(this.options.measureWindows ? {window: measureWindow(window)} : {}),
    };
  }

  private doubt({grain}: PreparedInput, probabilities: Float32Array): Prediction['reason'] {
    if (this.head.findsGrain && !grain) return 'no grain';
    if (grain && grain.objects > 1) return 'several grains';
    return this.lowConfidence(probabilities);
  }

  private lowConfidence(probabilities: Float32Array): Prediction['reason'] {
    return Math.max(...probabilities) < this.metadata.unknown.confidence ? 'low confidence' : undefined;
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
