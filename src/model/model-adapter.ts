import type {CloseCut} from '../image/close-cut.ts';
import type {DecodeOptions} from '../image/decode.ts';
import type {Noticed} from '../image/flaws/flaws.ts';
import type {Frame} from '../image/frame.ts';
import type {GrainMeasurements, WindowPlacement} from '../image/prepare.ts';
import type {ModelMetadata} from './metadata.ts';
import type {ModelOutputs} from './outputs.ts';

/** A picture as a model's input, and what was learned while preparing it. */
export interface PreparedInput {
  /** RGB interleaved, row-major, height * width * 3 bytes. */
  window: Uint8Array;
  /** Missing if no grain was found or none was searched for. */
  grain?: GrainMeasurements | undefined;
  /** What is not known of a grain that fills the picture. */
  closelyCut?: CloseCut;
  /** What may stand in the way of naming the grain. */
  noticed?: Noticed;
  /** Where in the picture the window lies. */
  placement?: WindowPlacement;
  notes: string[];
}

/** A model's outputs for one window. */
export interface ModelOutput {
  /** In the order of the labels; they sum to 1. */
  probabilities: Float32Array;
  /** If the model computes them; finite. */
  novelty?: number;
  capture?: number;
  strangeness?: number;
  sizeNovelty?: number;
  /** If the model computes them and they are requested. */
  features?: Float32Array;
}

/** What differs between rice's own and external models: how a picture becomes a window, and a window an output. */
export interface ModelAdapter {
  readonly metadata: ModelMetadata;
  readonly outputs: ModelOutputs;
  /** Whether the preparation searches for a grain; if so, no grain or several are reasons for rejection. */
  readonly findsGrain: boolean;

  /**
   * @param into a buffer that the window may be written to
   * @throws RiceError IMAGE_EMPTY, IMAGE_UNSUPPORTED, IMAGE_TOO_LARGE, IMAGE_TRUNCATED or IMAGE_CORRUPT
   */
  prepare(bytes: Uint8Array, options: DecodeOptions, into: Uint8Array): Promise<PreparedInput>;

  /** The same for decoded pixels. */
  prepareFrame(frame: Frame): PreparedInput;

  /** One output per window. */
  infer(windows: Uint8Array[], options: {features: boolean}): Promise<ModelOutput[]>;
}
