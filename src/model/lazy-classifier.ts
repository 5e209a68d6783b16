import {Classifier, type ClassifierOptions} from './classifier.ts';
import type {Device} from './devices.ts';
import type {ModelMetadata} from './metadata.ts';
import {readModelFile, shippedModel} from './model-file.ts';
import {staysOnCpu} from './open-session.ts';
import type {ModelOutputs} from './outputs.ts';

/** The part of a classifier that callers use if they may never need it to compute. */
export type ClassifierLike = Pick<
  Classifier,
  'model' | 'metadata' | 'outputs' | 'device' | 'mayLoop' | 'classify' | 'release'
>;

/**
 * A classifier that knows its model at once, but opens a session only when it has something to compute: loading
 * onnxruntime takes longer than reading the file, and is not needed here at all if worker threads compute. Models that
 * must be tried on a device or checked against a description are loaded at once.
 *
 * @throws RiceError as `Classifier.load`; if the session is opened later, `classify` may throw MODEL_INVALID
 */
export async function loadLazily(options: ClassifierOptions = {}): Promise<ClassifierLike> {
  const file = readModelFile(options.model ?? shippedModel());
  const {metadata, outputs, sha256, mayLoop} = file;
  if (!metadata || !staysOnCpu(file, options.device)) return Classifier.load(options);
  const {name, version, labels} = metadata;
  return new LazyClassifier(options, {name, version, sha256, labels}, metadata, outputs, mayLoop);
}

class LazyClassifier implements ClassifierLike {
  readonly device: Device = 'cpu';
  #loading: Promise<Classifier> | undefined;

  readonly #options: ClassifierOptions;

  constructor(
    options: ClassifierOptions,
    readonly model: Classifier['model'],
    readonly metadata: ModelMetadata,
    readonly outputs: ModelOutputs,
    readonly mayLoop: boolean,
  ) {
    this.#options = options;
  }

  async classify(...given: Parameters<Classifier['classify']>): ReturnType<Classifier['classify']> {
    this.#loading ??= Classifier.load(this.#options);
    return (await this.#loading).classify(...given);
  }

  async release(): Promise<void> {
    // If the session could not be opened, there is nothing to release.
    const classifier = await this.#loading?.catch(() => undefined);
    await classifier?.release();
  }
}
