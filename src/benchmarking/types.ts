import type {Part} from '../dataset/split.ts';
import type {Device} from '../model/devices.ts';
import type {Machine} from './machine/describe-machine.ts';
import type {Load} from './machine/load.ts';
import type {Accuracy} from './measure-accuracy.ts';
import type {Estimate} from './statistics/estimate.ts';
import type {Latency} from './statistics/latency.ts';

/** What `rice benchmark` found. */
export interface Benchmark {
  /** ISO 8601. */
  date: string;
  machine: Machine;
  /** Whether other programs used the machine meanwhile: every figure is then theirs as well. */
  busy: boolean;
  /** The load before each round. */
  loads: Load[];
  rounds: number;
  /** Of each measurement in each round. */
  seconds: number;
  pictures: MeasuredPictures;
  models: ModelEntry[];
  configurations: Configuration[];
  /** Devices that were tried and cannot be used. */
  unavailable: {model: string; device: Device; reason: string}[];
}

/** What the speed was measured with. */
export interface MeasuredPictures {
  /** A folder, or null where the pictures were drawn. */
  folder: string | null;
  part: Part | 'all' | null;
  limit: number | null;
  count: number;
  /** Of all together. */
  bytes: number;
}

export interface ModelEntry {
  label: string;
  path: string;
  name: string;
  version: string;
  sha256: string;
  bytes: number;
  parameters: number | null;
}

/** One model on one device with one number of threads, in processes of its own. */
export interface Configuration {
  /** The label of the model. */
  model: string;
  device: Device;
  threads: number;
  /** From the start of a process to its first answer. */
  startUpSeconds: Estimate;
  /** Bytes, of the process in which all batch sizes were measured. */
  peakMemory: number;
  /** Null without labeled pictures, and where these have other labels than the model. */
  accuracy: Accuracy | null;
  results: Result[];
}

export interface Result {
  /** From the bytes of encoded pictures to answers; otherwise the network alone. */
  decoding: boolean;
  batchSize: number;
  imagesPerSecond: Estimate & {rounds: number[]};
  /** Processor time for each image, in all threads: other programs take none of it. */
  processorMilliseconds: Estimate;
  /** Of a call with a whole batch. */
  milliseconds: Latency;
  /** How many times as fast as `configurations[to]`; null for that itself. */
  ratio: (Estimate & {to: number}) | null;
  /** How many times as little processor time an image takes, compared with the same one. */
  processorRatio: (Estimate & {to: number}) | null;
  busy: boolean;
}
