import type {InferenceSession, Tensor} from 'onnxruntime-node';
import {RiceError} from '../errors.ts';
import {type GrainMeasurements, type PreparedImage, prepareImage} from '../image/prepare.ts';
import {accelerators, createSession, type Device, type DeviceChoice} from './devices.ts';
import type {ModelMetadata} from './metadata.ts';

import {type ModelFile, readModelFile, shippedModel} from './model-file.ts';

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
  /** What was measured of the grain, in pixels of the picture; missing where none was found. */
  grain?: GrainMeasurements;
  /** What should be known about how the picture was read. */
  notes?: string[];
}

export interface ClassifierOptions {
  /** Path of an .onnx file; the shipped model when left out. */
  model?: string;
  device?: DeviceChoice;
  /** CPU threads; one per core when left out. */
  threads?: number;
  /** Larger images are refused before they are decoded. */
  maxPixels?: number;
  /** Told what did not go as asked but was no obstacle. */
  onWarning?: (message: string) => void;
}

/** The largest number of images that go through the network at once: more are no faster and take more memory. */
const MAX_BATCH = 64;

/** Under `auto`, models up to this size stay on the CPU: loading an accelerator takes longer than it saves. */
const SMALL_MODEL_BYTES = 8_000_000;

/** A loaded model: encoded images in, predictions out. */
export class Classifier {
  readonly model: {name: string; version: string; sha256: string; labels: string[]};
  readonly metadata: ModelMetadata;

  private released: Promise<void> | undefined;

  private constructor(
    file: ModelFile,
    private readonly session: InferenceSession,
    readonly device: Device,
    private readonly maxPixels: number | undefined,
  ) {
    const {name, version, labels} = file.metadata;
    this.model = {name, version, sha256: file.sha256, labels};
    this.metadata = file.metadata;
  }

  /**
   * Loads a model.
   *
   * @throws RiceError MODEL_NOT_FOUND, MODEL_INVALID, MODEL_METADATA, or DEVICE_UNAVAILABLE for a device that was named
   */
  static async load(options: ClassifierOptions = {}): Promise<Classifier> {
    const file = readModelFile(options.model ?? shippedModel());
    const {session, device} = await loadSession(file, options);
    return new Classifier(file, session, device, options.maxPixels);
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
   * @throws TypeError where `images` is not an array of `Uint8Array` (a `Buffer` is one)
   */
  async classify(images: Uint8Array[]): Promise<(Prediction | RiceError)[]> {
    requireBytes(images);
    const results: (Prediction | RiceError)[] = [];
    for (let start = 0; start < images.length; start += MAX_BATCH) {
      results.push(...(await this.classifyBatch(images.slice(start, start + MAX_BATCH))));
    }
    return results;
  }

  /** Ends the session. The classifier cannot be used any more; a second call does nothing. */
  async release(): Promise<void> {
    this.released ??= this.session.release();
    await this.released;
  }

  /** Probabilities of prepared windows (uint8 RGB, H * W * 3 bytes each): one row of C an image. */
  async probabilities(windows: Uint8Array[]): Promise<Float32Array[]> {
    const {width, height} = this.metadata.input;
    const bytes = width * height * 3;
    const batch = new Uint8Array(windows.length * bytes);
    windows.forEach((window, i) => {
      batch.set(window, i * bytes);
    });
    const {Tensor} = await import('onnxruntime-node');
    const image = new Tensor('uint8', batch, [windows.length, height, width, 3]);
    const {probabilities} = await this.session.run({image}, ['probabilities']);
    return rows(probabilities, this.model.labels.length);
  }

  private async classifyBatch(images: Uint8Array[]): Promise<(Prediction | RiceError)[]> {
    const prepared: (PreparedImage | RiceError)[] = [];
    // One after the other: decoded pictures are large, and only the prepared windows are kept.
    for (const bytes of images) prepared.push(await this.prepare(bytes));
    const usable = prepared.filter((each): each is PreparedImage => !(each instanceof RiceError));
    if (usable.length === 0) return prepared as RiceError[];
    const probabilities = await this.probabilities(usable.map(({window}) => window));
    let next = 0;
    return prepared.map((each) => (each instanceof RiceError ? each : this.prediction(each, probabilities[next++])));
  }

  private async prepare(bytes: Uint8Array): Promise<PreparedImage | RiceError> {
    try {
      const {input} = this.metadata;
      return await prepareImage(bytes, input, this.maxPixels === undefined ? {} : {maxPixels: this.maxPixels});
    } catch (error) {
      if (error instanceof RiceError) return error;
      throw error;
    }
  }

  private prediction({grain, notes}: PreparedImage, probabilities: Float32Array): Prediction {
    const {labels} = this.model;
    const best = probabilities.indexOf(Math.max(...probabilities));
    const confidence = probabilities[best];
    const reason = this.doubt(grain, confidence);
    return {
      label: labels[best],
      confidence,
      known: reason === undefined,
      ...(reason === undefined ? {} : {reason}),
      probabilities: Object.fromEntries(labels.map((label, i) => [label, probabilities[i]])),
      ...(grain === undefined ? {} : {grain}),
      ...(notes.length === 0 ? {} : {notes}),
    };
  }

  private doubt(grain: GrainMeasurements | undefined, confidence: number): Prediction['reason'] {
    if (!grain) return 'no grain';
    if (grain.objects > 1) return 'several grains';
    return confidence < this.metadata.unknown.confidence ? 'low confidence' : undefined;
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

/** The session on the device that was named, or on the first that works. */
async function loadSession(
  file: ModelFile,
  options: ClassifierOptions,
): Promise<{session: InferenceSession; device: Device}> {
  const {device: choice = 'auto', onWarning} = options;
  const threads = options.threads === undefined ? {} : {threads: options.threads};
  if (choice !== 'auto') return {session: await loadOn(file, choice, threads), device: choice};
  for (const device of file.bytes.length > SMALL_MODEL_BYTES ? accelerators() : []) {
    try {
      return {session: await loadOn(file, device, threads), device};
    } catch (error) {
      onWarning?.((error as Error).message);
    }
  }
  return {session: await loadOn(file, 'cpu', threads), device: 'cpu'};
}

async function loadOn(
  {bytes, path}: ModelFile,
  device: Device,
  threads: {threads?: number},
): Promise<InferenceSession> {
  try {
    return await createSession(bytes, device, threads);
  } catch (error) {
    if (error instanceof RiceError) throw error;
    throw new RiceError('MODEL_INVALID', `onnxruntime cannot load ${path}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

function rows(tensor: Tensor, columns: number): Float32Array[] {
  const data = tensor.data as Float32Array;
  return Array.from({length: data.length / columns}, (_, row) => data.subarray(row * columns, (row + 1) * columns));
}
