import type {DecodeOptions} from '../image/decode.ts';
import type {Frame} from '../image/frame.ts';
import type {GrainMeasurements} from '../image/prepare.ts';
import type {ModelMetadata} from './metadata.ts';
import type {ModelOutputs} from './outputs.ts';

/** A picture as a model takes it, and what was learnt on the way. */
export interface PreparedInput {
  /** RGB interleaved, row-major, height * width * 3 bytes. */
  window: Uint8Array;
  /** Missing where no grain was found, or none was looked for. */
  grain?: GrainMeasurements | undefined;
  notes: string[];
}

/** What a model says of a window. */
export interface ModelOutput {
  /** In the order of the labels; they sum to 1. */
  probabilities: Float32Array;
  /** Where the model gives them; finite. */
  novelty?: number;
  capture?: number;
  /** Where the model gives them and they are asked for. */
  features?: Float32Array;
}

/**
 * What differs between models written by rice and external models: how a picture becomes a window, and how windows
 * become outputs.
 */
export interface ModelAdapter {
  readonly metadata: ModelMetadata;
  readonly outputs: ModelOutputs;
  /** Whether a grain is looked for, so that none or several of them are a reason for rejection. */
  readonly findsGrain: boolean;

  /**
   * @param into where the window may be written
   * @throws RiceError IMAGE_EMPTY, IMAGE_UNSUPPORTED, IMAGE_TOO_LARGE, IMAGE_TRUNCATED or IMAGE_CORRUPT
   */
  prepare(bytes: Uint8Array, options: DecodeOptions, into: Uint8Array): Promise<PreparedInput>;

  /** The same for pixels that were decoded already. */
  prepareFrame(frame: Frame): PreparedInput;

  /** One verdict a window. */
  infer(windows: Uint8Array[], options: {features: boolean}): Promise<ModelOutput[]>;
}
