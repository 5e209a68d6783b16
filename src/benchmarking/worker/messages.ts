import type {RiceError} from '../../common/errors.ts';
import type {Classifier, ClassifierOptions} from '../../model/classifier.ts';
import type {Device} from '../../model/devices.ts';

/** What a process that measures a model is asked for: first to start, then perhaps to measure. */
export type WorkerRequest = {type: 'start'; load: ClassifierOptions; picture: Uint8Array} | ({type: 'measure'} & Task);

/** What is measured in one process: each batch size, without decoding and with it. */
export interface Task {
  pictures: Uint8Array[];
  batchSizes: readonly number[];
  /** Of each measurement. */
  seconds: number;
}

export type WorkerMessage =
  | ({type: 'started'} & Started)
  | ({type: 'measured'} & Measurement)
  | {type: 'finished'; peakMemory: number}
  | {type: 'failed'; error: ReturnType<RiceError['toJSON']>};

/** The model that gave its first answer. */
export interface Started {
  model: Classifier['model'];
  device: Device;
}

export interface Measurement {
  /** From the bytes of encoded pictures to answers; otherwise the network alone, on windows that are in memory. */
  decoding: boolean;
  batchSize: number;
  imagesPerSecond: number;
  /** Processor time for each image. */
  processorMilliseconds: number;
  /** Milliseconds of each call. */
  calls: number[];
}
